import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayBeforeAt, dayIn, daysFrom, occurrenceOn, REDS_AT, type Rhythm } from "./occurrences.ts";

const weekly: Rhythm = {
  weekday: 4,
  everyWeeks: 1,
  localTime: "13:30",
  zone: "Europe/London",
  durationMinutes: 90,
  firstOn: "2026-09-01",
  lastOn: undefined,
  cutOffHours: 48,
  visibleHours: 24,
};
const at = (day: string, more: Partial<Rhythm> = {}) => {
  const { startsAt, endsAt, cutOffAt, visibleUntil } = occurrenceOn({ ...weekly, ...more }, day);
  return [startsAt, endsAt, cutOffAt, visibleUntil].map((date) => date.toISOString().slice(0, 16));
};

describe("when a meeting is held", () => {
  it.each([
    [
      "in winter",
      "2026-11-26",
      ["2026-11-26T13:30", "2026-11-26T15:00", "2026-11-24T13:30", "2026-11-27T15:00"],
    ],
    [
      "in summer",
      "2026-09-03",
      ["2026-09-03T12:30", "2026-09-03T14:00", "2026-09-01T12:30", "2026-09-04T14:00"],
    ],
    // Clocks go back on 2026-10-25 and forward on 2027-03-28.
    [
      "its cut-off is in summer time still",
      "2026-10-26",
      ["2026-10-26T13:30", "2026-10-26T15:00", "2026-10-24T12:30", "2026-10-27T15:00"],
    ],
    [
      "its cut-off is in winter time still",
      "2027-03-29",
      ["2027-03-29T12:30", "2027-03-29T14:00", "2027-03-27T13:30", "2027-03-30T14:00"],
    ],
    [
      "its end of visibility is in winter time",
      "2026-10-24",
      ["2026-10-24T12:30", "2026-10-24T14:00", "2026-10-22T12:30", "2026-10-25T15:00"],
    ],
  ])("%s, by the clock on the wall", (_says, day, expected) => {
    expect(at(day)).toEqual(expected);
  });

  it("at an hour that the clocks skip: the one after it; at one that comes twice: the first", () => {
    expect(at("2027-03-28", { localTime: "01:30" })[0]).toBe("2027-03-28T01:30");
    expect(at("2026-10-25", { localTime: "01:30" })[0]).toBe("2026-10-25T00:30");
    expect(at("2026-10-25", { localTime: "00:30", durationMinutes: 120 }).slice(0, 2)).toEqual([
      "2026-10-24T23:30",
      "2026-10-25T01:30",
    ]);
  });

  it("each week, each second week, up to its last day", () => {
    expect(daysFrom(weekly, "2026-11-26", 2)).toEqual(["2026-11-26", "2026-12-03"]);
    expect(daysFrom({ ...weekly, everyWeeks: 2 }, "2026-11-27", 2)).toEqual(["2026-12-10", "2026-12-24"]);
    expect(daysFrom(weekly, "2026-01-01", 1)).toEqual(["2026-09-03"]);
    expect(daysFrom({ ...weekly, lastOn: "2026-12-03" }, "2026-11-26", 5)).toEqual([
      "2026-11-26",
      "2026-12-03",
    ]);
  });

  it("tells of reds at two o'clock on the day before, also when the clocks change in the night between", () => {
    expect(dayBeforeAt("Europe/London", "2026-11-27", REDS_AT)).toEqual(new Date("2026-11-26T14:00:00Z"));
    expect(dayBeforeAt("Europe/London", "2026-03-29", REDS_AT)).toEqual(new Date("2026-03-28T14:00:00Z"));
    expect(dayBeforeAt("Europe/London", "2026-03-30", REDS_AT)).toEqual(new Date("2026-03-29T13:00:00Z"));
  });

  it("always at its time on the wall and on its weekday, in every zone", () => {
    const zones = fc.constantFrom(
      "Europe/London",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "UTC",
    );
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 3, max: 23 }),
        fc.integer({ min: 0, max: 700 }),
        (zone, weekday, hour, ahead) => {
          const rhythm = { ...weekly, zone, weekday, localTime: `${String(hour).padStart(2, "0")}:15` };
          const from = new Date(Date.UTC(2026, 8, 1) + ahead * 86_400_000).toISOString().slice(0, 10);
          const [day = ""] = daysFrom(rhythm, from, 1);
          const { startsAt } = occurrenceOn(rhythm, day);
          const wall = new Intl.DateTimeFormat("en-GB", {
            timeZone: zone,
            hour: "2-digit",
            minute: "2-digit",
          }).format(startsAt);
          expect(wall).toBe(rhythm.localTime);
          expect(dayIn(zone, startsAt)).toBe(day);
          expect(new Date(`${day}T12:00:00Z`).getUTCDay() || 7).toBe(weekday);
          expect(day >= from).toBe(true);
        },
      ),
    );
  });
});
