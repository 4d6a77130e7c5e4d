import { describe, expect, it } from "vitest";
import { dueText } from "./due-text.ts";

describe("an action says how it stands", () => {
  it.each([
    ["overdue", "2026-11-23", "3 days overdue, since 23 Nov 2026"],
    ["overdue", "2026-11-25", "1 day overdue, since 25 Nov 2026"],
    ["today", "2026-11-26", "due today"],
    ["ahead", "2026-12-01", "due in 5 days, 01 Dec 2026"],
    ["undated", undefined, "no date"],
    ["done", "2026-11-01", "done"],
  ] as const)("%s, due on %s: %s", (due, dueOn, says) => {
    expect(dueText({ due, dueOn, today: "2026-11-26" })).toBe(says);
  });
});
