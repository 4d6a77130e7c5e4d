import { describe, expect, it } from "vitest";
import { dueOf } from "./action.ts";

describe("an action of a meeting", () => {
  it.each([
    ["2026-11-25", undefined, "overdue"],
    ["2026-11-26", undefined, "today"],
    ["2026-11-27", undefined, "ahead"],
    [undefined, undefined, "undated"],
    ["2026-11-01", new Date("2026-11-25T10:00:00Z"), "done"],
  ] as const)("due on %s, done at %s: %s", (dueOn, doneAt, expected) => {
    expect(dueOf({ dueOn, doneAt }, "2026-11-26")).toBe(expected);
  });
});
