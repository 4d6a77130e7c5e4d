import { describe, expect, it } from "vitest";
import { bankHolidaysOf, mayLeaveFrom } from "./working-hours.ts";

describe("when a message may leave", () => {
  it.each([
    ["in the morning of a Tuesday", "2026-12-01T09:30:00Z", "2026-12-01T09:30:00Z"],
    ["before eight", "2026-12-01T06:00:00Z", "2026-12-01T08:00:00Z"],
    ["at six in the evening: tomorrow at eight", "2026-12-01T18:00:00Z", "2026-12-02T08:00:00Z"],
    ["on a Friday before noon", "2026-12-04T11:59:00Z", "2026-12-04T11:59:00Z"],
    ["on a Friday after noon: on Monday", "2026-12-04T12:00:00Z", "2026-12-07T08:00:00Z"],
    ["on a Saturday", "2026-12-05T10:00:00Z", "2026-12-07T08:00:00Z"],
    ["on Maundy Thursday after noon: after Easter Monday", "2027-03-25T13:00:00Z", "2027-03-30T07:00:00Z"],
    ["on Christmas Eve after noon", "2026-12-24T12:30:00Z", "2026-12-29T08:00:00Z"],
    ["in summer, by London's clock", "2026-07-01T07:00:00Z", "2026-07-01T07:00:00Z"],
    ["in summer, before eight in London", "2026-07-01T06:59:00Z", "2026-07-01T07:00:00Z"],
    ["on the day on which the clocks change back, a Sunday", "2026-10-25T09:00:00Z", "2026-10-26T08:00:00Z"],
  ])("%s", (_says, now, expected) =>
    expect(mayLeaveFrom(new Date(now)).toISOString()).toBe(new Date(expected).toISOString()),
  );

  // @see https://www.gov.uk/bank-holidays
  it.each([
    [2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]],
    [2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]],
    [2022, ["01-03", "04-15", "04-18", "05-02", "05-30", "08-29", "12-26", "12-27"]],
  ])("bank holidays of %d", (year, expected) =>
    expect(bankHolidaysOf(year).map((day) => day.toString().slice(5))).toEqual(expected),
  );
});
