import { describe, expect, it } from "vitest";
import { spanUntil } from "./until.ts";

const now = Date.parse("2026-11-26T10:00:00Z");

describe("the time until a list closes", () => {
  it.each([
    ["2026-11-28T14:00:00Z", "2 d 4 h"],
    ["2026-11-26T12:05:00Z", "2 h 5 min"],
    ["2026-11-26T10:00:30Z", "1 min"],
    ["2026-11-26T10:00:00Z", undefined],
    ["2026-11-20T10:00:00Z", undefined],
  ])("%s", (then, expected) => expect(spanUntil(then, now)).toBe(expected));
});
