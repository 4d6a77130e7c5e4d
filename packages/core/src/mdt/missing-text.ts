import type { Aspect } from "./readiness.ts";

export type Lacking = { number: number; patient: string; aspects: readonly Aspect[] };

export const NOBODY = "nobody yet";

/** From whom something is missing, over all cases; what nobody was asked for comes last. */
export function lackedFrom(cases: readonly Lacking[]): string[] {
  const from = new Set(
    cases.flatMap(({ aspects }) =>
      aspects.filter(({ colour }) => colour !== "green").map((aspect) => aspect.from ?? NOBODY),
    ),
  );
  return [...from].toSorted((a, b) => Number(a === NOBODY) - Number(b === NOBODY) || a.localeCompare(b));
}

/** What is missing from one of them, as text for a message or a telephone call. */
export function missingText(meeting: string, from: string, cases: readonly Lacking[]): string {
  const lines = cases.flatMap(({ number, patient, aspects }) => {
    const own = aspects.filter((aspect) => aspect.colour !== "green" && (aspect.from ?? NOBODY) === from);
    return own.length === 0
      ? []
      : [`${number}. ${patient}`, ...own.map(({ label, says }) => `   ${label}: ${says}`)];
  });
  return [`${meeting}: missing from ${from}`, ...lines].join("\n");
}
