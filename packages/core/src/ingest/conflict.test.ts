import { describe, expect, it } from "vitest";
import { type ConflictCode, isConflict, isVersionOf } from "./conflict.ts";
import { mayDecideOutside, mayImportOutside, maySolveConflict } from "./ingest.policy.ts";

const here = { studyInstanceUid: "1", seriesInstanceUid: "2", sopInstanceUid: "3" };

describe("a new version of a thing", () => {
  const table: [ConflictCode, Partial<typeof here>, boolean][] = [
    ["UID_CONFLICT", {}, true],
    ["UID_CONFLICT", { seriesInstanceUid: "9" }, false],
    ["UID_CONFLICT", { studyInstanceUid: "9" }, false],
    ["UID_CONFLICT", { sopInstanceUid: "9" }, false],
    ["PATIENT_MISMATCH", {}, false],
    ["SERIES_MISMATCH", {}, false],
  ];
  it.each(table)("%s with %o: %s", (code, differs, expected) =>
    expect(isVersionOf(code, here, { ...here, ...differs })).toBe(expected),
  );
});

describe("a conflict", () => {
  it("is not every reason to wait", () => {
    expect(isConflict("UID_CONFLICT")).toBe(true);
    expect(isConflict("OUTSIDE_IDENTITY_DIFFERS")).toBe(false);
    expect(isConflict("PATIENT_ID_MISSING")).toBe(false);
  });
});

describe("who may solve it", () => {
  it.each(maySolveConflict.cases)("$says: $expect", ({ actor, facts, expect: expected }) => {
    const decision = maySolveConflict.decide(actor, facts);
    expect(decision.allowed ? "allow" : decision.reason).toBe(expected);
  });
});

describe("whose word a disc is", () => {
  it.each(mayDecideOutside.cases)("$says: $expect", ({ actor, facts, expect: expected }) => {
    const decision = mayDecideOutside.decide(actor, facts);
    expect(decision.allowed ? "allow" : decision.reason).toBe(expected);
  });
  it.each(mayImportOutside.cases)("lists own discs: $says: $expect", ({ actor, facts, expect: expected }) => {
    const decision = mayImportOutside.decide(actor, facts);
    expect(decision.allowed ? "allow" : decision.reason).toBe(expected);
  });
});
