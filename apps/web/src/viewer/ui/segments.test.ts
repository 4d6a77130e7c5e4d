import { describe, expect, it } from "vitest";
import { segmentsOf } from "./segments.ts";

describe("the thin bar of what was not displayed yet", () => {
  it("has a part for each image, and of long series for a few, with none left out", () => {
    expect(segmentsOf(3, new Set([1]))).toEqual([
      { from: 0, isSeen: false },
      { from: 1, isSeen: true },
      { from: 2, isSeen: false },
    ]);
    const parts = segmentsOf(1000, new Set());
    expect(parts).toHaveLength(60);
    expect(new Set(parts.map(({ from }) => from)).size).toBe(60);
  });

  it("a part counts as displayed only when every image of it was", () => {
    const all = Array.from({ length: 300 }, (_, at) => at);
    expect(segmentsOf(300, new Set(all)).every(({ isSeen }) => isSeen)).toBe(true);
    const parts = segmentsOf(300, new Set(all.filter((at) => at !== 7)));
    expect(parts.filter(({ isSeen }) => !isSeen)).toEqual([{ from: 5, isSeen: false }]);
  });
});
