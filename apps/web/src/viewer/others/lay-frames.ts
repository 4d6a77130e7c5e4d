import { number } from "../header.ts";
import { dot, type Plane, planeOf, type Vector } from "../link/planes.ts";
import {
  isSourceOf,
  namesFrame,
  type Pictured,
  type Segmentation,
  type SegmentFrame,
} from "./segmentation.ts";

/** From pixels of a segment's frame to pixels of the picture, as a canvas takes it. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
export type Laid = { frame: SegmentFrame; matrix: Matrix };
export type Laying = {
  laid: Laid[];
  by: "source" | "position" | undefined;
  /** Frames that are of this image, and lie elsewhere by what they say: never drawn. */
  elsewhere: number;
};

/** Two planes are one within a tenth of a millimetre, and turned by less than a degree. */
const MOST_MM = 0.1;
const PARALLEL = 0.99985;

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** @returns nothing where the two aren't one plane */
export function matrixBetween(from: Plane, to: Plane): Matrix | undefined {
  if (Math.abs(dot(from.normal, to.normal)) < PARALLEL) return undefined;
  const origin = minus(from.origin, to.origin);
  if (Math.abs(dot(origin, to.normal)) > MOST_MM) return undefined;
  const columns = (vector: Vector) => dot(vector, to.along) / to.columnMm;
  const rows = (vector: Vector) => dot(vector, to.down) / to.rowMm;
  const [a, b] = [columns(from.along) * from.columnMm, rows(from.along) * from.columnMm];
  const [c, d] = [columns(from.down) * from.rowMm, rows(from.down) * from.rowMm];
  // A plane begins in the middle of its first pixel, a picture at that pixel's corner.
  const [e, f] = [columns(origin) + 0.5 - (a + c) / 2, rows(origin) + 0.5 - (b + d) / 2];
  return [a, b, c, d, e, f];
}

const AS_IT_IS: Matrix = [1, 0, 0, 1, 0, 0];

/** Of an image that it was made of. Without places in the patient both have one size, or nothing is drawn. */
function onSource(frame: SegmentFrame, of: Segmentation, picture: Pictured): Matrix | undefined {
  const plane = planeOf(picture);
  if (frame.plane && plane) return matrixBetween(frame.plane, plane);
  const { header } = picture.instance;
  const isSame = number(header, "00280010") === of.rows && number(header, "00280011") === of.columns;
  return isSame ? AS_IT_IS : undefined;
}

function byPosition(frame: SegmentFrame, plane: Plane | undefined): Matrix | undefined {
  const { frameOfReference } = frame.plane ?? {};
  if (!frame.plane || !plane || !frameOfReference || frameOfReference !== plane.frameOfReference)
    return undefined;
  return matrixBetween(frame.plane, plane);
}

const placed = (
  frames: readonly SegmentFrame[],
  place: (frame: SegmentFrame) => Matrix | undefined,
): Laid[] =>
  frames.flatMap((frame) => {
    const matrix = place(frame);
    return matrix ? [{ frame, matrix }] : [];
  });

/**
 * Which frames of a segmentation lie on a picture: those that were made of it; else those in its plane, by one frame of
 * reference. One that was made of it and lies elsewhere is not drawn.
 */
export function layOn(of: Segmentation, picture: Pictured): Laying {
  if (of.why !== undefined) return { laid: [], by: undefined, elsewhere: 0 };
  const own = of.frames.filter((frame) => isSourceOf(frame, picture));
  if (own.length > 0) {
    const laid = placed(own, (frame) => onSource(frame, of, picture));
    // Of an image of many frames it may name the image alone: then it lies on one of them, and not on this one.
    const isOpen = picture.instance.frames.length > 1 && own.every((frame) => !namesFrame(frame, picture));
    return { laid, by: "source", elsewhere: isOpen ? 0 : own.length - laid.length };
  }
  const plane = planeOf(picture);
  const laid = placed(of.frames, (frame) => byPosition(frame, plane));
  return { laid, by: laid.length > 0 ? "position" : undefined, elsewhere: 0 };
}

/** Frames that one canvas holds: those of one place, in the order of their segments. */
export function byPlace(laid: readonly Laid[]): { matrix: Matrix; frames: SegmentFrame[] }[] {
  const groups = new Map<string, { matrix: Matrix; frames: SegmentFrame[] }>();
  for (const { frame, matrix } of laid) {
    // Without the sign of a nothing.
    const key = matrix.map((part) => Math.round(part * 10_000) || 0).join(" ");
    const group = groups.get(key) ?? { matrix, frames: [] };
    group.frames.push(frame);
    groups.set(key, group);
  }
  return [...groups.values()];
}
