import { describe, expect, it } from "vitest";
import { instantOf } from "./trust-time.ts";

const iso = (date?: string, time?: string, offset?: string) => instantOf(date, time, offset)?.toISOString();

describe("the wall clock of a trust", () => {
  it.each([
    ["winter", "20260115", "093000", "2026-01-15T09:30:00.000Z"],
    ["British Summer Time", "20260715", "093000", "2026-07-15T08:30:00.000Z"],
    ["a summer's night belongs to the day before in UTC", "20260715", "003000", "2026-07-14T23:30:00.000Z"],
    ["the minute before the clocks go forward", "20260329", "005900", "2026-03-29T00:59:00.000Z"],
    ["the hour after they went forward", "20260329", "020000", "2026-03-29T01:00:00.000Z"],
    ["the hour before they go back", "20261025", "003000", "2026-10-24T23:30:00.000Z"],
    ["after they went back", "20261025", "020000", "2026-10-25T02:00:00.000Z"],
    ["fractions of a second are left out", "20260115", "093000.123456", "2026-01-15T09:30:00.000Z"],
    ["a time that is cut to the minute", "20260115", "0930", "2026-01-15T09:30:00.000Z"],
    ["a time that is cut to the hour", "20260115", "09", "2026-01-15T09:00:00.000Z"],
    ["with hyphens and colons", "2026-01-15", "09:30:00", "2026-01-15T09:30:00.000Z"],
    ["with the dots of ACR-NEMA", "2026.01.15", "09:30:00", "2026-01-15T09:30:00.000Z"],
    ["no time: the day's beginning, not a guessed noon", "20260715", undefined, "2026-07-14T23:00:00.000Z"],
    ["a time that no clock shows: the day's beginning", "20260115", "993000", "2026-01-15T00:00:00.000Z"],
  ])("%s", (_says, date, time, instant) => expect(iso(date, time)).toBe(instant));

  it.each([
    ["+0000", "2026-07-15T09:30:00.000Z"],
    ["+0100", "2026-07-15T08:30:00.000Z"],
    ["-0530", "2026-07-15T15:00:00.000Z"],
    ["nonsense", "2026-07-15T08:30:00.000Z"],
  ])("a stated offset of %s decides", (offset, instant) =>
    expect(iso("20260715", "093000", offset)).toBe(instant),
  );

  it.each(["+1401", "-1201", "+9959"])(
    "an offset that no place has (%s) is none: the trust's clock decides",
    (offset) => expect(iso("20260715", "093000", offset)).toBe(iso("20260715", "093000")),
  );

  it.each([
    ["none", undefined],
    ["empty", ""],
    ["a year", "2026"],
    ["month 13", "20261301"],
    ["30 February", "20260230"],
    ["zeros", "00000000"],
    ["words", "yesterday"],
  ])("a date that is none (%s) gives no instant", (_says, date) =>
    expect(iso(date, "093000")).toBeUndefined(),
  );
});
