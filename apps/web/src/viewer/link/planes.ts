import type { Header } from "../contract.ts";
import type { Frame } from "../frames/registry.ts";
import { items, number, numbers, text } from "../header.ts";

export type Vector = readonly [number, number, number];
/** Where a picture lies in the patient. Millimetres. @see DICOM PS3.3 §C.7.6.2.1.1 */
export type Plane = {
  frameOfReference: string | undefined;
  origin: Vector;
  along: Vector;
  down: Vector;
  normal: Vector;
  columnMm: number;
  rowMm: number;
  columns: number;
  rows: number;
};

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const vector = ([x, y, z]: readonly number[]): Vector | undefined =>
  x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];

/** A frame's own functional group, then the shared one, then the header itself. */
function valuesOf(header: Header, frame: number, group: string, tag: string): number[] {
  for (const functional of [items(header, "52009230")[frame - 1], items(header, "52009229")[0]]) {
    const [inside] = functional ? items(functional, group) : [];
    const found = inside ? numbers(inside, tag) : [];
    if (found.length > 0) return found;
  }
  return numbers(header, tag);
}

export function planeOf({
  instance: { header },
  frame,
}: Pick<Frame, "instance" | "frame">): Plane | undefined {
  const cosines = valuesOf(header, frame, "00209116", "00200037");
  const origin = vector(valuesOf(header, frame, "00209113", "00200032"));
  const [rowMm, columnMm] = valuesOf(header, frame, "00289110", "00280030");
  const [along, down] = [vector(cosines.slice(0, 3)), vector(cosines.slice(3, 6))];
  if (!origin || !along || !down || !rowMm || !columnMm) return undefined;
  return {
    frameOfReference: text(header, "00200052"),
    origin,
    along,
    down,
    normal: cross(along, down),
    columnMm,
    rowMm,
    columns: number(header, "00280011") ?? 0,
    rows: number(header, "00280010") ?? 0,
  };
}

const PARALLEL = 0.985;
export const areParallel = (a: Plane, b: Plane): boolean => Math.abs(dot(a.normal, b.normal)) > PARALLEL;

const known = new WeakMap<readonly Frame[], readonly (Plane | undefined)[]>();

/** The planes of a stack, worked out once. */
export function planesOf(frames: readonly Frame[]): readonly (Plane | undefined)[] {
  const planes = known.get(frames) ?? frames.map(planeOf);
  known.set(frames, planes);
  return planes;
}
