import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantAt } from "./grant.ts";

const moment = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

describe("a signed URL", () => {
  it("lives 30 to 60 seconds from any moment, and holds already", () => {
    fc.assert(
      fc.property(moment, (now) => {
        const { from, until } = grantAt(new Date(now));
        const lives = (until.getTime() - now) / 1000;
        expect(lives).toBeGreaterThan(30 - 0.001);
        expect(lives).toBeLessThanOrEqual(60);
        expect(from.getTime()).toBeLessThanOrEqual(now);
      }),
    );
  });
  it("is the same within a window, so that an HTTP cache works, and another in the next", () => {
    const at = (time: string) => grantAt(new Date(`2026-11-02T${time}Z`));
    expect(at("09:30:00.000")).toEqual(at("09:30:29.999"));
    expect(at("09:30:30.000")).not.toEqual(at("09:30:29.999"));
  });
});
