import type { Point } from "../measure/spacing.ts";

/** From pixels of the picture, from its corner, to pixels of the canvas, as CSS and SVG take it. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
/** Where a picture lies on its canvas, measured of what is drawn. */
export type Placed = {
  /** Canvas pixels a picture pixel along a row, and down a column; and where the picture's first corner lies. */
  scale: number;
  rowScale: number;
  left: number;
  top: number;
  matrix: Matrix;
};
/** How a picture stands: rotated clockwise first, then flipped from left to right. @see DICOM PS3.3 §C.10.6 */
export type Turn = { degrees: 0 | 90 | 180 | 270; isFlipped: boolean };
export const AS_SENT: Turn = { degrees: 0, isFlipped: false };

type Spot = readonly [x: number, y: number, ...more: number[]];

/** @param from - the canvas place of the picture's first corner; of the one a pixel further along; and further down */
export function placedBy(from: Spot, along: Spot, down: Spot): Placed {
  const [a, b] = [along[0] - from[0], along[1] - from[1]];
  const [c, d] = [down[0] - from[0], down[1] - from[1]];
  return {
    scale: Math.hypot(a, b),
    rowScale: Math.hypot(c, d),
    left: from[0],
    top: from[1],
    matrix: [a, b, c, d, from[0], from[1]],
  };
}

export const canvasAt = (
  { matrix: [a, b, c, d, e, f] }: Pick<Placed, "matrix">,
  { column, row }: Point,
): [x: number, y: number] => [a * column + c * row + e, b * column + d * row + f];

const QUARTERS = [0, 90, 180, 270] as const;
export const quarterOf = (degrees: number): Turn["degrees"] | undefined =>
  QUARTERS[(((degrees / 90) % 4) + 4) % 4];

/** How the picture stands as it is drawn: what is said of it is said of the screen, not of what was asked for. */
export function turnIn({ matrix: [a, b, c, d] }: Pick<Placed, "matrix">): Turn {
  const isFlipped = a * d - b * c < 0;
  const turned = Math.round(Math.atan2(b, isFlipped ? -a : a) / (Math.PI / 2)) * 90;
  return { degrees: quarterOf(turned) ?? 0, isFlipped };
}

export const isSameTurn = (one: Turn, other: Turn): boolean =>
  one.degrees === other.degrees && one.isFlipped === other.isFlipped;

/** "FLIPPED, ROTATED 90°"; nothing of a picture that stands as it was sent. */
export const turnText = ({ degrees, isFlipped }: Turn): string | undefined =>
  [isFlipped ? "FLIPPED" : "", degrees === 0 ? "" : `ROTATED ${degrees}°`].filter(Boolean).join(", ") ||
  undefined;

export const cssMatrix = ({ matrix }: Pick<Placed, "matrix">): string => `matrix(${matrix.join(", ")})`;
/** The matrix of the drawing alone, for SVG. */
export const svgMatrix = ({ matrix }: Pick<Placed, "matrix">): string => `matrix(${matrix.join(" ")})`;
