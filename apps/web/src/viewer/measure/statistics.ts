import type { Pixels } from "./measured.ts";
import type { Point } from "./spacing.ts";

/** Half axes of an ellipse and its middle, in pixels. The axes may lie in any direction, as the picture may be turned. */
export type Ellipse = { middle: Point; along: Point; across: Point };

const minus = (a: Point, b: Point): Point => ({ column: a.column - b.column, row: a.row - b.row });
const half = ({ column, row }: Point): Point => ({ column: column / 2, row: row / 2 });
const cross = (a: Point, b: Point): number => a.column * b.row - a.row * b.column;

/** From the ends of its two axes. */
export function ellipseOf([a, b, c, d]: readonly Point[]): Ellipse | undefined {
  if (!a || !b || !c || !d) return undefined;
  const middle = { column: (a.column + b.column) / 2, row: (a.row + b.row) / 2 };
  return { middle, along: half(minus(b, a)), across: half(minus(d, c)) };
}

/** In square pixels. */
export const areaOf = ({ along, across }: Ellipse): number => Math.PI * Math.abs(cross(along, across));

export type Statistics = { count: number; mean: number; deviation: number; least: number; most: number };

/** The part of a line of pixels that lies in the image. */
const span = (from: number, to: number, size: number): [number, number] => [
  Math.max(0, Math.floor(from)),
  Math.min(size - 1, Math.ceil(to)),
];

/**
 * Of the pixels whose middle lies inside the ellipse. The deviation is that of these pixels (n), not an estimate of others.
 *
 * @returns `undefined` where no pixel's middle lies inside
 */
export function statisticsOf(ellipse: Ellipse, pixels: Pixels): Statistics | undefined {
  const { middle, along, across } = ellipse;
  const size = cross(along, across);
  if (size === 0) return undefined;
  const reach = {
    column: Math.hypot(along.column, across.column),
    row: Math.hypot(along.row, across.row),
  };
  const [left, right] = span(middle.column - reach.column, middle.column + reach.column, pixels.columns);
  const [top, bottom] = span(middle.row - reach.row, middle.row + reach.row, pixels.rows);
  let [count, mean, squares, least, most] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const to = minus({ column: column + 0.5, row: row + 0.5 }, middle);
      const [u, v] = [cross(to, across) / size, cross(along, to) / size];
      if (u * u + v * v > 1) continue;
      const value = pixels.at(column, row);
      count += 1;
      const step = value - mean;
      mean += step / count;
      squares += step * (value - mean);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return count === 0 ? undefined : { count, mean, deviation: Math.sqrt(squares / count), least, most };
}
