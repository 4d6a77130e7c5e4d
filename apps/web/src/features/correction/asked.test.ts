import { describe, expect, it } from "vitest";
import { askedOf, type Draft, EMPTY } from "./asked.ts";

const patient = { patientId: "p2" } as Draft["patient"];
const reason = "wrong worklist entry";

describe("what is asked of the server", () => {
  it.each<{ says: string; draft: Partial<Draft>; asked: unknown }>([
    { says: "nothing without a reason", draft: { patient, reason: " a " }, asked: undefined },
    { says: "nothing without a patient", draft: { reason }, asked: undefined },
    {
      says: "nothing of parts that weren't named",
      draft: { wrong: "unfit", level: "series", reason },
      asked: undefined,
    },
    { says: "nothing where nothing is said anew", draft: { wrong: "words", reason }, asked: undefined },
    {
      says: "the whole study moves, with the right order's number",
      draft: { patient, reason, accessionNumber: " W2 " },
      asked: { kind: "move", studyId: "s", patientId: "p2", accession: { accessionNumber: "W2" }, reason },
    },
    {
      says: "series go to a study of the patient that is there",
      draft: { patient, reason, level: "series", ids: ["a"], intoStudyId: "t" },
      asked: { kind: "split", studyId: "s", level: "series", ids: ["a"], into: { studyId: "t" }, reason },
    },
    {
      says: "the side is an image's or a series', never a study's",
      draft: { wrong: "words", reason, says: { ...EMPTY.says, laterality: "L", description: "Knee" } },
      asked: {
        kind: "correct",
        studyId: "s",
        level: "study",
        ids: [],
        says: { description: "Knee" },
        reason,
      },
    },
    {
      says: "of a series side, body part and description",
      draft: {
        wrong: "words",
        level: "series",
        ids: ["a"],
        reason,
        says: { ...EMPTY.says, laterality: "L", bodyPart: "knee", studyDate: "2026-01-01" },
      },
      asked: {
        kind: "correct",
        studyId: "s",
        level: "series",
        ids: ["a"],
        says: { laterality: "L", bodyPart: "KNEE" },
        reason,
      },
    },
  ])("$says", ({ draft, asked }) => expect(askedOf("s", { ...EMPTY, ...draft })).toEqual(asked));
});
