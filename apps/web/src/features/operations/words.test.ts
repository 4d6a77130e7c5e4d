import { describe, expect, it } from "vitest";
import { atClock, inBytes, inCount, inTime, since } from "./words.ts";

describe("figures in words", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [525_000, "525 kB"],
    [1_280_000_000_000, "1.28 TB"],
  ])("%d bytes", (bytes, said) => expect(inBytes(bytes)).toBe(said));
  it.each([
    [0.4, "under a second"],
    [1, "1 second"],
    [89, "89 seconds"],
    [90, "2 minutes"],
    [3600, "60 minutes"],
    [7200, "2 hours"],
    [200_000, "2 days"],
  ])("%d seconds", (seconds, said) => expect(inTime(seconds)).toBe(said));
  it("an hour is what the clock on the wall says, in summer too", () => {
    expect(atClock("2026-07-01T11:05:00Z")).toBe("12:05");
    expect(atClock("2026-11-26T11:05:00Z")).toBe("11:05");
  });
  it("since when, and never before now", () => {
    expect(since("2026-11-26T11:00:00Z", "2026-11-26T11:03:00Z")).toBe("3 minutes");
    expect(since("2026-11-26T11:05:00Z", "2026-11-26T11:03:00Z")).toBe("under a second");
  });
  it("a count is grouped", () => expect(inCount(1_700_000)).toBe("1,700,000"));
});
