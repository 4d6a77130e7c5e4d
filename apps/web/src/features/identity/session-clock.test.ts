import { describe, expect, it } from "vitest";
import { dueAt } from "./session-clock.ts";

const HOUR = 3_600_000;
const at = (minutesIdle: number, minutesToEnd = 600, idleSeconds: number | null = 900) => {
  const now = 100 * HOUR;
  const times = { idleSeconds, endsAt: now + minutesToEnd * 60_000, lastUse: now - minutesIdle * 60_000 };
  return dueAt(times, now);
};

describe("a page that nobody uses", () => {
  it("locks at fifteen minutes, and warns for a minute before", () => {
    expect(at(13.9)).toEqual({ lock: false, over: false, endsSoon: false });
    expect(at(14.5)).toMatchObject({ lock: false, locksInSeconds: 30 });
    expect(at(15)).toMatchObject({ lock: true });
    expect(at(15).locksInSeconds).toBeUndefined();
  });
  it("never locks where the session has no idle lock", () =>
    expect(at(600, 600, null)).toEqual({ lock: false, over: false, endsSoon: false }));
});

describe("a shift", () => {
  it("is told of a quarter of an hour before its end, and is over then, in use or not", () => {
    expect(at(0, 16)).toMatchObject({ endsSoon: false, over: false });
    expect(at(0, 15)).toMatchObject({ endsSoon: true, over: false });
    expect(at(0, 0)).toMatchObject({ endsSoon: true, over: true });
  });
});
