import { describe, expect, it } from "vitest";
import { anatomyOf } from "./anatomy-of-study.ts";
import { CODE_MAPS, type CodeMap } from "./code-maps.ts";
import { CASES, EXAMS, TRUSTS } from "./labelled-priors.ts";
import { type Rankable, rankPriors, spanOf } from "./rank-priors.ts";

type Maps = Readonly<Record<string, readonly CodeMap[]>>;
type Labelled = Rankable & { isWanted: boolean };
type Case = { trust: string; current: (maps: Maps) => Rankable; others: (maps: Maps) => Labelled[] };

const sideOf = (word: string | undefined) => (word === "L" || word === "R" ? word : undefined);

function study(maps: Maps, exam: string, side: string, trust: string, yearsAgo: number): Rankable {
  const known = EXAMS[exam];
  const said = TRUSTS.find((one) => one === trust);
  if (!known || !said) throw new Error(`no ${exam} in ${trust}`);
  const [description, bodyPart, code] = known[said];
  const anatomy = anatomyOf(
    {
      custodian: trust,
      procedureCode: code || undefined,
      bodyParts: bodyPart ? [bodyPart] : [],
      words: [description],
    },
    maps,
  );
  return {
    studyId: `${exam} ${side} ${trust} ${yearsAgo}`,
    regions: anatomy.regions,
    side: sideOf(side) ?? anatomy.side,
    modalities: known.modalities,
    studyDate: `${2026 - yearsAgo}-05-14`,
  };
}

const lines = CASES.trim().split("\n");
const cases: Case[] = lines.map((line) => {
  const [head = "", rest = ""] = line.split(" | ");
  const [trust = "", exam = "", side = ""] = head.split(" ");
  return {
    trust,
    current: (maps) => study(maps, exam, side, trust, 0),
    others: (maps) =>
      rest.split(", ").map((one) => {
        const [candidate = "", itsSide = "", at = "", years = "", label = ""] = one.trim().split(" ");
        return { ...study(maps, candidate, itsSide, at, Number(years)), isWanted: label === "+" };
      }),
  };
});

/** Recall of the wanted in the first five; precision of the first three that are shown as relevant. */
function measure(maps: Maps, of: (one: Case) => boolean) {
  let [wanted, found, shown, right] = [0, 0, 0, 0];
  const wrong: string[] = [];
  for (const one of cases.filter(of)) {
    const current = one.current(maps);
    const ranked = rankPriors(current, one.others(maps));
    wanted += ranked.filter(({ study: { isWanted } }) => isWanted).length;
    const five = ranked.slice(0, 5);
    found += five.filter(({ study: { isWanted } }) => isWanted).length;
    const three = ranked.filter(({ isRelevant }) => isRelevant).slice(0, 3);
    shown += three.length;
    right += three.filter(({ study: { isWanted } }) => isWanted).length;
    for (const { study: prior, isRelevant, reason } of ranked)
      if (prior.isWanted !== isRelevant) wrong.push(`${current.studyId} <- ${prior.studyId} (${reason})`);
  }
  return { recall: found / wanted, precision: right / shown, shown, wanted, wrong };
}

/** The maps without a trust's codes: those it writes are unknown wherever they stand. */
function without(trust: string): Maps {
  const own = new Set(
    Object.values(EXAMS).map((exam) => exam[TRUSTS.find((one) => one === trust) ?? "RXC"][2]),
  );
  const blind = (maps: readonly CodeMap[]) =>
    maps.map((map): CodeMap => Object.fromEntries(Object.entries(map).filter(([code]) => !own.has(code))));
  return Object.fromEntries(
    Object.entries(CODE_MAPS).map(([name, maps]) => [name, name === trust ? [] : blind(maps)]),
  );
}

const said = (name: string, { recall, precision, shown, wanted, wrong }: ReturnType<typeof measure>) =>
  `${name}: recall in five ${recall.toFixed(3)} of ${wanted}, precision of three ${precision.toFixed(3)} of ${shown}\n${wrong.join("\n")}`;

describe("relevant priors on the labelled set", () => {
  it("has at least 120 cases, over all five trusts", () => {
    const count = cases.reduce((sum, one) => sum + one.others(CODE_MAPS).length, 0);
    expect(count).toBeGreaterThanOrEqual(120);
    expect(new Set(cases.map(({ trust }) => trust))).toEqual(new Set(TRUSTS));
  });

  it.each(TRUSTS)("%s: what is relevant stands in the first five, and what is shown is relevant", (trust) => {
    const figures = measure(CODE_MAPS, (one) => one.trust === trust);
    expect(figures.recall, said(trust, figures)).toBeGreaterThanOrEqual(0.95);
    expect(figures.precision, said(trust, figures)).toBeGreaterThanOrEqual(0.9);
    expect(figures.shown).toBeGreaterThanOrEqual(15);
  });

  it.each(TRUSTS)("a trust whose words are new is no worse off: %s left out of the maps", (trust) => {
    const touched = (one: Case) =>
      one.trust === trust || one.others(CODE_MAPS).some(({ studyId }) => studyId.includes(` ${trust} `));
    const [known, unknown] = [measure(CODE_MAPS, touched), measure(without(trust), touched)];
    expect(unknown.recall, said(trust, unknown)).toBeGreaterThanOrEqual(Math.max(0.95, known.recall - 0.02));
    expect(unknown.precision, said(trust, unknown)).toBeGreaterThanOrEqual(
      Math.max(0.9, known.precision - 0.02),
    );
  });
});

describe("a ranking", () => {
  const at = (studyId: string, more: Partial<Rankable> = {}): Rankable => ({
    studyId,
    regions: ["knee"],
    side: "L",
    modalities: ["DX"],
    studyDate: "2023-03-01",
    ...more,
  });
  const current = at("now", { studyDate: "2026-05-01" });
  const [only] = rankPriors(current, [at("a")]);

  it("says why, in words", () => {
    expect(only?.reason).toBe("same region and side, X-ray, 3 y 2 m earlier");
  });
  it("keeps all: what helps least is last, never left out", () => {
    const others = [at("foot", { regions: ["foot"] }), at("unknown", { regions: [] }), at("same")];
    expect(rankPriors(current, others).map(({ study: { studyId } }) => studyId)).toEqual([
      "same",
      "unknown",
      "foot",
    ]);
  });
  it("says OTHER SIDE of the other knee, behind the same one, and still shows it", () => {
    const ranked = rankPriors(current, [at("right", { side: "R" }), at("left")]);
    expect(
      ranked.map(({ study, isOtherSide, isRelevant }) => [study.studyId, isOtherSide, isRelevant]),
    ).toEqual([
      ["left", false, true],
      ["right", true, true],
    ]);
    expect(ranked[1]?.reason).toContain("OTHER SIDE");
  });
  it("does not take an unstated side for the same one", () => {
    const [one] = rankPriors(current, [at("x", { side: undefined })]);
    expect(one).toMatchObject({ isOtherSide: false });
    expect(one?.reason).toContain("side not known");
  });
  it("warns of what is newer than what is read", () => {
    const [one] = rankPriors(current, [at("later", { studyDate: "2026-06-15" })]);
    expect(one).toMatchObject({ isNewer: true, interval: "45 d later" });
  });
  it.each([
    [0, "0 d"],
    [59, "59 d"],
    [75, "2 m"],
    [365.25 * 3, "3 y"],
    [365.25 * 3 + 75, "3 y 2 m"],
  ])("%d days are %s", (days, words) => expect(spanOf(days)).toBe(words));
});
