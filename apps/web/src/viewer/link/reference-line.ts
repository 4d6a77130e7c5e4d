import type { Point } from "../measure/spacing.ts";
import { areParallel, dot, type Plane, type Vector } from "./planes.ts";

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** How far a place of a picture lies before or behind another plane. */
function distance(of: Plane, { column, row }: Point, to: Plane): number {
  const place = (axis: 0 | 1 | 2) =>
    of.origin[axis] + of.along[axis] * of.columnMm * (column - 0.5) + of.down[axis] * of.rowMm * (row - 0.5);
  const at: Vector = [place(0), place(1), place(2)];
  return dot(minus(at, to.origin), to.normal);
}

/** Where the plane of one picture cuts another, from edge to edge; undefined where it doesn't, or nobody can say. */
export function referenceLine(cutting: Plane, shown: Plane): { from: Point; to: Point } | undefined {
  if (!cutting.frameOfReference || cutting.frameOfReference !== shown.frameOfReference) return undefined;
  if (areParallel(cutting, shown)) return undefined;
  const { columns, rows } = shown;
  const corners: Point[] = [
    { column: 0, row: 0 },
    { column: columns, row: 0 },
    { column: columns, row: rows },
    { column: 0, row: rows },
  ];
  const cuts = corners.flatMap((corner, index): Point[] => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    const [a, b] = [distance(shown, corner, cutting), distance(shown, next, cutting)];
    if (a === b || a * b > 0) return [];
    const part = a / (a - b);
    return [
      {
        column: corner.column + part * (next.column - corner.column),
        row: corner.row + part * (next.row - corner.row),
      },
    ];
  });
  const [from] = cuts;
  const to = cuts.find((cut) => from && Math.hypot(cut.column - from.column, cut.row - from.row) > 1e-6);
  return from && to ? { from, to } : undefined;
}
