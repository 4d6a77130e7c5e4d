import { metaData, type Types } from "@cornerstonejs/core";
import type { Point } from "./spacing.ts";

type Vector = readonly number[];
type Plane = {
  origin: Vector;
  /** Along a row, to the next column; and down a column, to the next row. */
  along: Vector;
  down: Vector;
  columnMm: number;
  rowMm: number;
};

/** As cornerstone itself draws it: what a projection leaves out stands at 1. */
export function planeFrom(module: Record<string, unknown> | undefined): Plane {
  const vector = (name: string, otherwise: Vector): Vector => {
    const found = module?.[name];
    return Array.isArray(found) || ArrayBuffer.isView(found)
      ? Array.from(found as ArrayLike<number>)
      : otherwise;
  };
  return {
    origin: vector("imagePositionPatient", [0, 0, 0]),
    along: vector("rowCosines", [1, 0, 0]),
    down: vector("columnCosines", [0, 1, 0]),
    columnMm: Number(module?.columnPixelSpacing) || 1,
    rowMm: Number(module?.rowPixelSpacing) || 1,
  };
}

const dot = (a: Vector, b: Vector) => a.reduce((sum, value, axis) => sum + value * (b[axis] ?? 0), 0);

/** @param place - from the top left corner of the first pixel, whose middle is where the plane begins */
export function toWorld(
  { origin, along, down, columnMm, rowMm }: Plane,
  { column, row }: Point,
): Types.Point3 {
  const [x, y] = [(column - 0.5) * columnMm, (row - 0.5) * rowMm];
  const at = (axis: number) => (origin[axis] ?? 0) + (along[axis] ?? 0) * x + (down[axis] ?? 0) * y;
  return [at(0), at(1), at(2)];
}

export function toPlace({ origin, along, down, columnMm, rowMm }: Plane, world: Vector): Point {
  const from = world.map((value, axis) => value - (origin[axis] ?? 0));
  return { column: dot(from, along) / columnMm + 0.5, row: dot(from, down) / rowMm + 0.5 };
}

/**
 * Cornerstone 5.14's own `worldToImageCoords` and its inverse take the spacing of rows for columns and the other way round:
 * where pixels aren't square, a length by them is wrong by their ratio. So they are not used.
 */
export const imagePlaneOf = (imageId: string): Plane => planeFrom(metaData.get("imagePlaneModule", imageId));
export const worldAt = (imageId: string, place: Point): Types.Point3 => toWorld(imagePlaneOf(imageId), place);
export const placeAt = (imageId: string, world: Vector): Point => toPlace(imagePlaneOf(imageId), world);
