import type { Header } from "../contract.ts";
import { number, numbers, text } from "../header.ts";

/** A plane of one bit a pixel that lies on the picture: marks of who made it. */
export type OverlayPlane = {
  group: string;
  label: string | undefined;
  rows: number;
  columns: number;
  /** The picture's pixel under the plane's first one, from 0; may lie outside of it. */
  left: number;
  top: number;
  frames: number;
  firstFrame: number;
  /** One bit a pixel, the lowest bit first, all frames behind each other. */
  bits: Uint8Array;
};

const GROUPS = Array.from({ length: 16 }, (_, at) => (0x6000 + 2 * at).toString(16).toUpperCase());
const MOST_PIXELS = 64 * 1024 * 1024;

/** The groups that have a plane of their own bits. Planes in unused bits of the pixels are retired. @see DICOM PS3.3 §C.9.2 */
export const overlayGroups = (header: Header): string[] =>
  GROUPS.filter((group) => header[`${group}3000`] !== undefined);

/** Bit planes of 16-bit words come as bytes, the lower one first: the order of bits is the same as of bytes. */
export function overlayPlane(
  header: Header,
  group: string,
  bits: Uint8Array | undefined,
): OverlayPlane | undefined {
  const [rows, columns] = [number(header, `${group}0010`), number(header, `${group}0011`)];
  if (!bits || !rows || !columns) return undefined;
  const frames = Math.max(1, number(header, `${group}0015`) ?? 1);
  const [row = 1, column = 1] = numbers(header, `${group}0050`);
  if (rows * columns * frames > MOST_PIXELS || bits.length * 8 < rows * columns * frames) return undefined;
  return {
    group,
    label: text(header, `${group}1500`) ?? text(header, `${group}0022`),
    rows,
    columns,
    left: column - 1,
    top: row - 1,
    frames,
    firstFrame: Math.max(1, number(header, `${group}0051`) ?? 1),
    bits,
  };
}

/** Whether a plane lies on a frame, and which of its own frames that is, from 0. */
export function planeFrame({ frames, firstFrame }: OverlayPlane, frame: number): number | undefined {
  if (frames === 1 && firstFrame === 1) return 0;
  const at = frame - firstFrame;
  return at >= 0 && at < frames ? at : undefined;
}

/** The plane's pixels as a picture: what is set in one colour, all else clear. */
export function paintedPlane(
  { rows, columns, bits }: OverlayPlane,
  at: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const painted = new Uint8ClampedArray(rows * columns * 4);
  const start = at * rows * columns;
  for (let pixel = 0; pixel < rows * columns; pixel += 1) {
    const bit = start + pixel;
    if (((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) painted.set([red, green, blue, 255], pixel * 4);
  }
  return painted;
}
