import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { sampleFrame } from "../frames/sample-instance.ts";
import { bandsOf, layoutOf, originOf, reformat } from "./reformat.ts";
import { type Volume, volumeOf } from "./volume.ts";

type Said = { z: number; x?: number; cosines?: number[]; rows?: number; samples?: number };
const headerOf = ({ z, x = 0, cosines = [1, 0, 0, 0, 1, 0], rows = 4, samples = 1 }: Said): Header => ({
  "00200037": { vr: "DS", Value: cosines },
  "00200032": { vr: "DS", Value: [x, 0, z] },
  "00280030": { vr: "DS", Value: [1, 1] },
  "00280010": { vr: "US", Value: [rows] },
  "00280011": { vr: "US", Value: [3] },
  "00280002": { vr: "US", Value: [samples] },
});
const frameOf = (said: Said, at: number) => sampleFrame(headerOf(said), at);
const stack = (depths: readonly number[], said: Partial<Said> = {}) =>
  depths.map((z, at) => frameOf({ z, ...said }, at));
const range = (count: number, by = 2) => Array.from({ length: count }, (_, at) => at * by);
const volume = (frames: readonly Frame[]): Volume => {
  const found = volumeOf(frames);
  if (found.kind === "none") throw new Error(found.why);
  return found;
};

describe("a series is a volume", () => {
  it("in the order of its places, however it was numbered", () => {
    const { slices, spacingMm } = volume(stack(range(10).reverse()));
    expect(spacingMm).toBe(2);
    expect(slices.map((one) => one?.imageId)).toEqual(["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
  });

  it("with what is missing missing", () => {
    const found = volume(stack(range(12).filter((z) => z !== 8 && z !== 10)));
    expect(found.slices.map((one) => (one ? 1 : 0)).join("")).toBe("111100111111");
  });

  it.each([
    ["few", stack(range(7)), /8 slices/],
    ["in colour", stack(range(9), { samples: 3 }), /in colour/],
    ["at unequal distances", stack([...range(9), 17.1]), /unequal distances/],
    ["twice in one place", stack([...range(9), 4]), /in one place/],
    ["tilted", range(9).map((z, at) => frameOf({ z, x: at }, at)), /tilted/],
    ["of different sizes", [...stack(range(9)), frameOf({ z: 18, rows: 5 }, 9)], /differ in size/],
    ["without places", stack(range(9), { cosines: [] }), /says where it lies/],
    [
      "of different directions",
      [...stack(range(9)), frameOf({ z: 18, cosines: [0, 1, 0, 0, 0, -1] }, 9)],
      /direction/,
    ],
  ])("and none where its images are %s: it says why", (_says, frames, why) => {
    const found = volumeOf(frames);
    expect(found.kind === "none" && found.why).toMatch(why);
  });
});

describe("a cut through it", () => {
  /** Each value says where it is: 100 a slice, 10 a row, 1 a column. */
  const valuesOf = ({ slices }: Volume) =>
    slices.map((slice, z) =>
      slice
        ? Float32Array.from({ length: 12 }, (_, at) => z * 100 + Math.floor(at / 3) * 10 + (at % 3))
        : undefined,
    );

  it("has the head at the top, square pixels, and between two slices what lies between", () => {
    const whole = volume(stack(range(10)));
    expect(layoutOf(whole, "along")).toMatchObject({
      columns: 3,
      rows: 19,
      pixelMm: 1,
      count: 4,
      down: [-0, -0, -1],
    });
    const cut = reformat(whole, "along", 2, { values: valuesOf(whole), nothing: -1 });
    expect([...cut.slice(0, 6)]).toEqual([920, 921, 922, 870, 871, 872]);
    expect([...cut.slice(-3)]).toEqual([20, 21, 22]);
    expect(originOf(whole, "along", 2)).toEqual([0, 2, 18]);
    const side = reformat(whole, "down", 1, { values: valuesOf(whole), nothing: -1 });
    expect([...side.slice(0, 4)]).toEqual([901, 911, 921, 931]);
    expect(originOf(whole, "down", 1)).toEqual([1, 0, 18]);
  });

  it("is never made up over a missing slice: nothing stands there, and the band is known", () => {
    const gap = volume(stack(range(10).filter((z) => z !== 8)));
    const cut = reformat(gap, "along", 0, { values: valuesOf(gap), nothing: -1 });
    const rows = Array.from({ length: 19 }, (_, row) => cut[row * 3]);
    expect(bandsOf(gap, "along")).toEqual([{ top: 9, bottom: 12 }]);
    for (const [row, value] of rows.entries())
      expect([row, value === -1]).toEqual([row, row >= 9 && row < 12]);
  });
});
