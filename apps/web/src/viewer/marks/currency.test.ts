import { describe, expect, it } from "vitest";
import { currencyOf } from "./currency.ts";

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
