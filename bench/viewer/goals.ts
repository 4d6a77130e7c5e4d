import { LOOPBACK } from "./studies.ts";

type Figures = Record<string, unknown> | undefined;
/** One goal of issue 5, as it came out. `value`: of OHIF's, or milliseconds. */
export type Goal = { goal: string; value: number; isMet: boolean };

const figure = (of: Figures, name: string): number | undefined => {
  const value = of?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

/** At most so much of the other's time, or at least so many of its paints. What wasn't measured is no goal. */
function ofOther(
  mine: Figures,
  theirs: Figures,
  name: string,
  goal: { most: number } | { least: number },
): Goal[] {
  const [here, there] = [figure(mine, name), figure(theirs, name)];
  if (here === undefined || !there) return [];
  const value = Number((here / there).toFixed(2));
  const isMet = "most" in goal ? value <= goal.most : value >= goal.least;
  const bound = "most" in goal ? `at most ${goal.most}` : `at least ${goal.least}`;
  return [{ goal: `${name} ${bound} of OHIF's`, value, isMet }];
}

const LONGEST_TASK_MS = 200;

export function goalsOf(line: string, mine: Figures, theirs: Figures): Goal[] {
  const longest = figure(mine, "longestTaskMs");
  return [
    ...ofOther(mine, theirs, "coldFullMs", { most: line === LOOPBACK ? 0.7 : 0.5 }),
    ...ofOther(mine, theirs, "warmFullMs", { most: 0.5 }),
    ...ofOther(mine, theirs, "paintsASecond", { least: 1 }),
    ...(longest === undefined
      ? []
      : [
          {
            goal: `longestTaskMs at most ${LONGEST_TASK_MS}`,
            value: longest,
            isMet: longest <= LONGEST_TASK_MS,
          },
        ]),
  ];
}
