import { describe, expect, it } from "vitest";
import { budgetFor } from "./budget.ts";

const SLICE_BYTES = 512 * 512 * 2;

describe("what a page holds of decoded images", () => {
  it("on a desk a CT of 1,000 slices whole, fetched ahead of one place", () =>
    expect(budgetFor(false).aheadBytes).toBeGreaterThan(1000 * SLICE_BYTES));

  it("in a hand a CT of 300 slices whole, and of one of 1,000 what is near", () => {
    const { cacheBytes, aheadBytes } = budgetFor(true);
    expect(aheadBytes).toBeGreaterThan(300 * SLICE_BYTES);
    expect(cacheBytes).toBeLessThan(1000 * SLICE_BYTES);
  });

  it("leaves room for what is looked at while other viewports fetch ahead", () => {
    for (const isInHand of [true, false]) {
      const { cacheBytes, aheadBytes, roomBytes } = budgetFor(isInHand);
      expect(aheadBytes + roomBytes).toBeLessThan(cacheBytes);
    }
  });
});
