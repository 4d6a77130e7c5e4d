import { describe, expect, it } from "vitest";
import { judgeTries, LOCK_AFTER, maySendCode, type Tries } from "./tries.ts";

const NOW = new Date("2026-11-26T10:00:00Z");
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const wrong = (count: number, ago = 1) => Array.from({ length: count }, () => minutesAgo(ago));
const tries = (more: Partial<Tries> = {}): Tries => ({
  wrong: [],
  wrongFromAddressInHour: 0,
  wrongOfPatientInDay: 0,
  askedInPause: 0,
  askedFromAddressInHour: 0,
  askedOfPatientInHour: 0,
  ...more,
});

describe("tries at a code", () => {
  it.each<[string, Partial<Tries>, string]>([
    ["none before", {}, "open"],
    ["four wrong", { wrong: wrong(4) }, "open"],
    ["five wrong: a pause", { wrong: wrong(5) }, "paused"],
    ["five wrong, sixteen minutes ago", { wrong: wrong(5, 16) }, "open"],
    ["nine wrong, the pause over", { wrong: [...wrong(5, 30), ...wrong(4)] }, "open"],
    ["ten wrong: locked", { wrong: wrong(LOCK_AFTER, 9999) }, "locked"],
    ["many from one address", { wrongFromAddressInHour: 20 }, "paused"],
    ["many of one patient, from anywhere", { wrongOfPatientInDay: 30 }, "paused"],
  ])("%s", (_says, more, state) => expect(judgeTries(tries(more), NOW).state).toBe(state));

  it.each<[string, Partial<Tries>, boolean]>([
    ["the first", {}, true],
    ["the fourth in a quarter of an hour", { askedInPause: 3 }, false],
    ["from an address that asks and asks", { askedFromAddressInHour: 20 }, false],
    ["of a patient of whom it is asked and asked", { askedOfPatientInHour: 10 }, false],
    ["in a pause", { wrong: wrong(5) }, false],
  ])("a code goes out, %s: %s", (_says, more, expected) =>
    expect(maySendCode(tries(more), NOW)).toBe(expected),
  );
});
