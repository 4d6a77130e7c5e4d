import { describe, expect, it } from "vitest";
import { stagingText } from "./letter.ts";
import { timeLeft } from "./time-left.ts";

describe("time left", () => {
  const now = new Date("2026-11-26T09:00:00Z");
  it.each([
    ["2026-11-26T08:00:00Z", "now"],
    ["2026-11-26T09:00:59Z", "now"],
    ["2026-11-26T09:01:00Z", "1 minute"],
    ["2026-11-26T09:59:59Z", "59 minutes"],
    ["2026-11-26T10:30:00Z", "1 hour"],
    ["2026-11-27T09:00:00Z", "1 day"],
    ["2026-11-28T12:59:00Z", "2 days 3 hours"],
  ])("until %s: %s", (until, expected) => expect(timeLeft(until, now)).toBe(expected));
});

describe("staging in words", () => {
  const all = { prefix: "c" as const, t: "2b", n: "0", m: "0", stage: "IIA", edition: "8th" };
  it.each([
    [all, "cT2b N0 M0, stage IIA, 8th edition"],
    [{ ...all, prefix: "" as const, n: "", stage: "", edition: "" }, "T2b M0"],
    [undefined, ""],
  ])("%j: %s", (staging, expected) => expect(stagingText(staging)).toBe(expected));
});
