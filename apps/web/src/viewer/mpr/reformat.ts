import type { Plane, Vector } from "../link/planes.ts";
import type { Volume } from "./volume.ts";

/** `along`: through the rows of each slice; `down`: through their columns. */
export type Cut = "along" | "down";
/** A span of rows in which a slice is missing: shown as missing. */
export type Band = { top: number; bottom: number };
export type Layout = {
  columns: number;
  rows: number;
  /** Square pixels. */
  pixelMm: number;
  count: number;
  along: Vector;
  down: Vector;
  isLastOnTop: boolean;
};

const times = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/** Head at the top, else the front, else the right: as pictures of that plane are hung. */
function isLastOnTop([x, y, z]: Vector): boolean {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (az >= ax && az >= ay) return z > 0;
  return ay >= ax ? y < 0 : x < 0;
}

export function layoutOf({ slices, plane, spacingMm }: Volume, cut: Cut): Layout {
  const [columns, pixelMm, count] =
    cut === "along" ? [plane.columns, plane.columnMm, plane.rows] : [plane.rows, plane.rowMm, plane.columns];
  const onTop = isLastOnTop(plane.normal);
  return {
    columns,
    rows: Math.max(1, Math.round(((slices.length - 1) * spacingMm) / pixelMm) + 1),
    pixelMm,
    count,
    along: cut === "along" ? plane.along : plane.down,
    down: times(plane.normal, onTop ? -1 : 1),
    isLastOnTop: onTop,
  };
}

/** Where the first pixel of one cut lies in the patient. Millimetres. */
export function originOf({ slices, plane, spacingMm }: Volume, cut: Cut, at: number): Vector {
  const { isLastOnTop: onTop } = layoutOf({ kind: "volume", slices, plane, spacingMm }, cut);
  const inPlane =
    cut === "along" ? times(plane.down, plane.rowMm * at) : times(plane.along, plane.columnMm * at);
  const depth = onTop ? (slices.length - 1) * spacingMm : 0;
  return plus(plane.origin, plus(inPlane, times(plane.normal, depth)));
}

/** At which slice a row lies, counted from the first: a fraction between two. */
const sliceAt = (volume: Volume, { pixelMm, isLastOnTop: onTop }: Layout, row: number): number => {
  const from = Math.min((row * pixelMm) / volume.spacingMm, volume.slices.length - 1);
  return onTop ? volume.slices.length - 1 - from : from;
};

export function bandsOf(volume: Volume, cut: Cut): Band[] {
  const layout = layoutOf(volume, cut);
  const bands: Band[] = [];
  for (let row = 0; row < layout.rows; row += 1) {
    const at = sliceAt(volume, layout, row);
    const isThere = volume.slices[Math.floor(at)] !== undefined && volume.slices[Math.ceil(at)] !== undefined;
    if (isThere) continue;
    const last = bands.at(-1);
    if (last && last.bottom === row) last.bottom = row + 1;
    else bands.push({ top: row, bottom: row + 1 });
  }
  return bands;
}

export type Values = ArrayLike<number>;

/**
 * One cut through a volume, row by row. Between two slices that are both there values are interpolated; beside one that is
 * missing nothing is: there stands `nothing`.
 *
 * @param values - of each slice, row by row; undefined where it is missing
 */
export function reformat(
  volume: Volume,
  cut: Cut,
  at: number,
  { values, nothing }: { values: readonly (Values | undefined)[]; nothing: number },
): Float32Array {
  const layout = layoutOf(volume, cut);
  const { columns, rows } = layout;
  const wide = volume.plane.columns;
  const [start, step] = cut === "along" ? [at * wide, 1] : [at, wide];
  const out = new Float32Array(columns * rows).fill(nothing);
  for (let row = 0; row < rows; row += 1) {
    const slice = sliceAt(volume, layout, row);
    const [below, above] = [values[Math.floor(slice)], values[Math.ceil(slice)]];
    if (!below || !above) continue;
    const part = slice - Math.floor(slice);
    for (let column = 0; column < columns; column += 1) {
      const place = start + column * step;
      out[row * columns + column] = (below[place] ?? nothing) * (1 - part) + (above[place] ?? nothing) * part;
    }
  }
  return out;
}

const PLANES = ["sagittal", "coronal", "axial"] as const;

/** What a plane is called by its normal. */
export function nameOfPlane({ normal }: Pick<Plane, "normal">): string {
  const sizes = normal.map(Math.abs);
  return PLANES[sizes.indexOf(Math.max(...sizes))] ?? "oblique";
}
