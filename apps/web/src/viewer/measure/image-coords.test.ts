import { describe, expect, it } from "vitest";
import { planeFrom, toPlace, toWorld } from "./image-coords.ts";

describe("places of an image and of the world", () => {
  const oblique = planeFrom({
    imagePositionPatient: [10, -20, 30],
    rowCosines: [0, 1, 0],
    columnCosines: [0, 0, -1],
    columnPixelSpacing: 0.5,
    rowPixelSpacing: 0.8,
  });

  it("columns take the spacing of columns and rows that of rows, where pixels aren't square", () => {
    expect(toWorld(oblique, { column: 0.5, row: 0.5 })).toEqual([10, -20, 30]);
    expect(toWorld(oblique, { column: 128.5, row: 0.5 })).toEqual([10, 44, 30]);
    expect(toWorld(oblique, { column: 0.5, row: 10.5 })).toEqual([10, -20, 22]);
  });

  it("and back", () => {
    for (const place of [
      { column: 0, row: 0 },
      { column: 17.25, row: 300.5 },
    ]) {
      const back = toPlace(oblique, toWorld(oblique, place));
      expect(back.column).toBeCloseTo(place.column, 9);
      expect(back.row).toBeCloseTo(place.row, 9);
    }
  });

  it("of what has no plane, one unit a pixel, as it is drawn", () => {
    expect(toWorld(planeFrom(undefined), { column: 3.5, row: 7.5 })).toEqual([3, 7, 0]);
  });
});
