import { describe, expect, it } from "vitest";
import { gridKey, ownGrid, ownSecondGrid, secondGridKey, withGrid } from "./grid-memory.ts";
import type { Hanging, HungStep } from "./hang.ts";
import type { HangingImage } from "./hanging-image.ts";

const image = (more: Partial<HangingImage> = {}): HangingImage => ({
  ...{ studyId: "s", seriesId: "a", prior: 0, modality: "DX", bodyPart: "KNEE", kind: "image" },
  ...{ side: { kind: "side", side: "R" }, isDisplaced: false, extras: [], count: 1, ...more },
});
const step = (...images: HangingImage[]): HungStep => ({
  ...{ name: "All", rows: 1, columns: 1 },
  places: images.map((one) => ({ kind: "hung", image: one })),
});
const hanging: Hanging = {
  ...{ protocolId: "general", name: "General", isBySide: false, isOneScale: false, isUnflipped: false },
  ...{ steps: [], unplaced: [], listed: [] },
};
const two = { rows: 2, columns: 2 };

describe("a grid that a reader chose", () => {
  it("is another's of another modality, region, side, number of priors and of screens", () => {
    const others = [
      gridKey(hanging, step(image({ modality: "CR" })), 1),
      gridKey(hanging, step(image({ bodyPart: "HIP" })), 1),
      gridKey(hanging, step(image({ side: { kind: "side", side: "L" } })), 1),
      gridKey(hanging, step(image(), image({ side: { kind: "side", side: "L" } })), 1),
      gridKey(hanging, step(image(), image({ prior: 1 })), 1),
      gridKey(hanging, step(image()), 2),
      secondGridKey(hanging, step(image())),
    ];
    expect(new Set([gridKey(hanging, step(image()), 1), ...others]).size).toBe(others.length + 1);
  });

  it("comes back for the like of what it was chosen for", () => {
    const grids = withGrid({}, gridKey(hanging, step(image()), 1), two);
    expect(ownGrid(grids, hanging, step(image({ seriesId: "b" })), 1)).toEqual(two);
    expect(ownGrid(grids, hanging, step(image({ bodyPart: "HIP" })), 1)).toBeUndefined();
  });

  it("kept before it was kept so finely, it holds until another is chosen", () => {
    const old = { "general/All/0": two, "general/All/0/second screen": two };
    expect(ownGrid(old, hanging, step(image()), 1)).toEqual(two);
    expect(ownSecondGrid(old, hanging, step(image()))).toEqual(two);
    const now = withGrid(old, gridKey(hanging, step(image()), 1), { rows: 1, columns: 2 });
    expect(ownGrid(now, hanging, step(image()), 1)).toEqual({ rows: 1, columns: 2 });
  });

  it("the one that was chosen longest ago goes, so that the newest is always kept", () => {
    let grids: Record<string, { rows: number; columns: number }> = {};
    for (let at = 0; at < 205; at += 1) grids = withGrid(grids, `step ${at}`, two);
    expect(Object.keys(grids)).toHaveLength(200);
    expect([grids["step 4"], grids["step 5"], grids["step 204"]]).toEqual([undefined, two, two]);
  });
});
