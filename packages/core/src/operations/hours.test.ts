import { describe, expect, it } from "vitest";
import { everyHour, lastDay } from "./hours.ts";

const now = new Date("2026-11-26T14:20:00Z");

describe("the last day by the hour", () => {
  it("ends with the hour that runs and has every hour, also one in which nothing came", () => {
    const came = [{ hour: new Date("2026-11-26T13:00:00Z"), instances: 7, studies: 2, sizeBytes: 1 }];
    const hours = everyHour(now, came);
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual({ hour: "2026-11-25T15:00:00.000Z", instances: 0, studies: 0 });
    expect(hours.slice(-2)).toEqual([
      { hour: "2026-11-26T13:00:00.000Z", instances: 7, studies: 2 },
      { hour: "2026-11-26T14:00:00.000Z", instances: 0, studies: 0 },
    ]);
  });
  it("is asked for exactly", () => {
    expect(lastDay(now)).toEqual({
      from: new Date("2026-11-25T15:00:00Z"),
      until: new Date("2026-11-26T15:00:00Z"),
    });
  });
});
