import { describe, expect, it } from "vitest";
import { currencyBeside, currencyOf, currencyRead } from "./currency.ts";

describe("a prior never passes for the current study", () => {
  it.each([
    ["2026-11-24", "2026-11-24", "current", "CURRENT"],
    ["2023-09-20", "2026-11-24", "prior", "PRIOR 3 y 2 m"],
    ["2024-11-24", "2026-11-24", "prior", "PRIOR 2 y"],
    ["2026-07-30", "2026-11-24", "prior", "PRIOR 3 m"],
    ["2026-11-12", "2026-11-24", "prior", "PRIOR 12 d"],
    [undefined, "2026-11-24", "undated", "DATE UNKNOWN"],
  ] as const)("%s, newest %s: %s", (studyDate, newestDate, kind, text) => {
    expect(currencyOf(studyDate, newestDate)).toEqual({ kind, text });
  });
});

describe("what stands beside the study that is read never passes for it", () => {
  const read = { studyDate: "2026-11-20", newestDate: "2026-11-24" };
  it.each([
    ["2023-09-20", "prior", "PRIOR 3 y 2 m"],
    ["2026-11-20", "same-day", "SAME DAY, not the one you read"],
    ["2026-11-24", "newer", "NEWER than what you read, by 4 d"],
    [undefined, "undated", "NOT THE ONE YOU READ, DATE UNKNOWN"],
  ] as const)("%s: %s", (studyDate, kind, text) => {
    expect(currencyBeside({ studyDate, newestDate: "2026-11-24" }, read)).toEqual({ kind, text });
  });

  it("and the one that is read looks like none of them, also where a newer one exists", () => {
    expect(currencyRead(read)).toEqual({ kind: "read", text: "READING, the newest is 4 d younger" });
    expect(currencyRead({ ...read, studyDate: "2026-11-24" })).toEqual({ kind: "current", text: "CURRENT" });
    expect(currencyRead({}).kind).toBe("undated");
  });
});
