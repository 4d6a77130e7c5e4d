import { describe, expect, it } from "vitest";
import { closedBy, RENEWED_EACH_MS, STANDS_FOR_MS, standingOf, TRIED_AGAIN_MS } from "./standing.ts";

const refused = (code: string, reason?: string) => ({ message: "", data: { code, weald: { reason } } });

describe("what a patient has on the screen", () => {
  it("is renewed at least each thirty seconds, and once more where one try is lost", () => {
    expect(STANDS_FOR_MS).toBeLessThanOrEqual(30_000);
    expect(RENEWED_EACH_MS + TRIED_AGAIN_MS).toBeLessThan(STANDS_FOR_MS);
  });
  it.each([
    [refused("FORBIDDEN", "link-ended"), "ended"],
    [refused("FORBIDDEN", "link-expired"), "expired"],
    [refused("FORBIDDEN", "link-paused"), "paused"],
    [refused("UNAUTHORIZED"), "finished"],
    [refused("NOT_FOUND"), "ended"],
  ] as const)("a refusal blanks it at once", (error, why) => {
    expect(closedBy(error)).toBe(why);
    expect(standingOf({ at: 1000, closed: why }, 1000)).toBe(why);
  });
  it("an answer that doesn't come leaves it for thirty seconds and no longer", () => {
    expect(closedBy(new Error("Failed to fetch"))).toBeUndefined();
    expect(closedBy(refused("INTERNAL_SERVER_ERROR"))).toBeUndefined();
    expect(standingOf({ at: 0, closed: undefined }, STANDS_FOR_MS)).toBe("open");
    expect(standingOf({ at: 0, closed: undefined }, STANDS_FOR_MS + 1)).toBe("unreachable");
  });
});
