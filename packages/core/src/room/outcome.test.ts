import { describe, expect, it } from "vitest";
import { changesUnder, judgeQuorum, type Signed, Staging, type StudyNow } from "./outcome.ts";

const signed: Signed = {
  patientId: "p",
  signedAt: new Date("2026-11-26T14:00:00Z"),
  fixed: {
    studies: [{ studyId: "s", servedVersion: 2, images: 10 }],
    reports: [{ studyId: "s", reportId: "r", version: 1 }],
  },
};
const now = (more: Partial<StudyNow> = {}): StudyNow => ({
  ...{ studyId: "s", patientId: "p", servedVersion: 2, images: 10, isServed: true },
  receivedAt: new Date("2026-11-20T09:00:00Z"),
  studyDate: "2026-11-20",
  report: { reportId: "r", version: 1 },
  ...more,
});
const late = { studyId: "other", receivedAt: new Date("2026-11-27T09:00:00Z"), report: undefined };

describe("what changed under a signed outcome", () => {
  it.each<[string, Partial<StudyNow>, string[]]>([
    ["nothing", {}, []],
    ["the study was corrected", { servedVersion: 3 }, ["study-corrected 3"]],
    ["the study is another patient's", { patientId: "q" }, ["study-corrected 2"]],
    ["the study was rejected", { isServed: false }, ["study-corrected 2"]],
    ["images came", { images: 12 }, ["images-after 12"]],
    ["fewer images", { images: 8 }, []],
    ["its report was amended", { report: { reportId: "r", version: 2 } }, ["report-amended 2"]],
    ["another report came", { report: { reportId: "q", version: 1 } }, ["report-amended 1"]],
    ["no report is to be had now", { report: undefined }, []],
    ["a study of before that came after", late, ["images-after 10"]],
    ["a study of after", { ...late, studyDate: "2026-11-27" }, []],
    ["a study of before that was there and not shown", { ...late, receivedAt: signed.signedAt }, []],
    ["another patient's study", { ...late, patientId: "q" }, []],
    ["without a date nobody can say so", { ...late, studyDate: undefined }, []],
  ])("%s", (_says, more, expected) =>
    expect(changesUnder(signed, now(more)).map(({ kind, version }) => `${kind} ${version}`)).toEqual(
      expected,
    ),
  );
});

describe("quorum", () => {
  const rules = [
    { part: "surgeon" as const, atLeast: 1 },
    { part: "radiologist" as const, atLeast: 2 },
  ];
  it.each<[string, string[], string[]]>([
    ["all are there", ["surgeon", "radiologist", "radiologist", "nurse"], []],
    ["one short", ["surgeon", "radiologist"], ["radiologist (1 of 2)"]],
    ["nobody", [], ["surgeon (0 of 1)", "radiologist (0 of 2)"]],
  ])("%s", (_says, parts, missing) =>
    expect(
      judgeQuorum(
        rules,
        parts.map((part) => ({ part })),
      ),
    ).toEqual({ isMet: missing.length === 0, missing }),
  );
  it("a series that asks for nobody has it", () =>
    expect(judgeQuorum([], [])).toEqual({ isMet: true, missing: [] }));
});

describe("staging", () => {
  it.each(["T2b", "2b", "4(m)", "X", "is", ""])("takes %s", (t) =>
    expect(Staging.safeParse({ t }).success).toBe(true),
  );
  it.each(["T2 and more", "<b>", "T234567890123"])("doesn't take %s", (t) =>
    expect(Staging.safeParse({ t }).success).toBe(false),
  );
});
