import { describe, expect, it } from "vitest";
import type { Header } from "../contract.ts";
import { sampleFrame } from "../frames/sample-instance.ts";
import { matchPlace } from "./match-place.ts";
import { type Plane, planeOf } from "./planes.ts";
import { referenceLine } from "./reference-line.ts";

const AXIAL = [1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

type Said = { for?: string; cosines?: number[]; position?: number[] };
const headerOf = ({ for: reference, cosines, position }: Said): Header => ({
  "00280010": { vr: "US", Value: [100] },
  "00280011": { vr: "US", Value: [100] },
  ...(reference ? { "00200052": { vr: "UI", Value: [reference] } } : {}),
  ...(cosines ? { "00200037": { vr: "DS", Value: cosines } } : {}),
  ...(position ? { "00200032": { vr: "DS", Value: position } } : {}),
  ...(cosines ? { "00280030": { vr: "DS", Value: [1, 1] } } : {}),
});
const frameOf = (said: Said, at: number) => sampleFrame(headerOf(said), at);
const stack = (depths: number[], said: Said = {}) =>
  depths.map((z, at) => frameOf({ cosines: AXIAL, position: [0, 0, z], ...said }, at));
const range = (from: number, by: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + at * by);

describe("the same place in another stack", () => {
  it("is by position where both have one frame of reference, whatever the slices are", () => {
    const [thin, thick] = [stack(range(0, 1, 100), { for: "f" }), stack(range(0, 5, 20), { for: "f" })];
    expect(matchPlace(thin, 42, thick)).toEqual({ index: 8, by: "position" });
    expect(matchPlace(thick, 8, thin)).toEqual({ index: 40, by: "position" });
  });

  it("is by position also where the other was stored from the head down", () => {
    expect(
      matchPlace(stack(range(0, 1, 50), { for: "f" }), 10, stack(range(49, -1, 50), { for: "f" })),
    ).toEqual({
      index: 39,
      by: "position",
    });
  });

  it("is by location in millimetres where the frames of reference differ: the middles level, or what a reader set level", () => {
    const [now, then] = [stack(range(0, 2, 51), { for: "a" }), stack(range(700, 4, 26), { for: "b" })];
    expect(matchPlace(now, 25, then)).toMatchObject({ by: "location" });
    expect([12, 13]).toContain(matchPlace(now, 25, then)?.index);
    expect(matchPlace(now, 12, then, { from: 10, to: 3 })).toEqual({ index: 4, by: "location" });
  });

  it("is by order where nothing has a place, and unknown where only one has, or the planes differ", () => {
    const loop = range(0, 1, 11).map((_, at) => frameOf({}, at));
    const other = range(0, 1, 21).map((_, at) => frameOf({}, at));
    expect(matchPlace(loop, 5, other)).toEqual({ index: 10, by: "order" });
    expect(matchPlace(loop, 5, stack(range(0, 1, 9)))).toBeUndefined();
    expect(
      matchPlace(stack(range(0, 1, 9), { for: "f" }), 5, stack([0], { for: "f", cosines: SAGITTAL })),
    ).toBeUndefined();
    expect(matchPlace([], 0, loop)).toBeUndefined();
  });
});

describe("a reference line", () => {
  const plane = (said: Said): Plane => {
    const found = planeOf(frameOf(said, 0));
    if (!found) throw new Error("no plane");
    return found;
  };
  const sagittal = plane({ for: "f", cosines: SAGITTAL, position: [50, 0, 100] });

  it("lies where an axial slice cuts a sagittal picture, from edge to edge", () => {
    const line = referenceLine(plane({ for: "f", cosines: AXIAL, position: [0, 0, 70] }), sagittal);
    const ends = [line?.from, line?.to].map((end) => [end?.column, end?.row]);
    expect(ends.map(([, row]) => row)).toEqual([30.5, 30.5]);
    expect(ends.map(([column]) => column).sort()).toEqual([0, 100]);
  });

  it.each([
    ["the slice lies beside the picture", { for: "f", cosines: AXIAL, position: [0, 0, 170] }],
    ["the planes are parallel", { for: "f", cosines: SAGITTAL, position: [10, 0, 0] }],
    ["the frames of reference differ", { for: "g", cosines: AXIAL, position: [0, 0, 70] }],
    ["there is none", { cosines: AXIAL, position: [0, 0, 70] }],
  ])("is none where %s", (_says, said) => expect(referenceLine(plane(said), sagittal)).toBeUndefined());
});
