import { readFrame } from "../frames/read-frame.ts";
import { acquired, baseIdOf } from "../frames/registry.ts";
import type { Rgb } from "./cie-lab.ts";
import type { Segmentation } from "./segmentation.ts";

const MOST_KEPT = 24;

/**
 * Which pixels of a frame are inside, one byte each.
 *
 * @param bytes - from the byte in which the frame begins: frames of one bit a pixel follow each other without a gap
 * @param frame - counts from 1
 * @throws {RangeError} where there are fewer bytes than pixels
 * @see DICOM PS3.5 §8.1.1: the first pixel is the lowest bit
 */
export function maskOf(
  bytes: Uint8Array,
  { rows, columns, threshold }: Pick<Segmentation, "rows" | "columns" | "threshold">,
  frame: number,
  isOneBit: boolean,
): Uint8Array {
  const count = rows * columns;
  const skipped = isOneBit ? ((frame - 1) * count) % 8 : 0;
  const needed = isOneBit ? Math.ceil((skipped + count) / 8) : count;
  if (bytes.length < needed) throw new RangeError("a segment's frame is shorter than its size");
  const mask = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    const bit = skipped + at;
    mask[at] = isOneBit ? ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1 : Number((bytes[at] ?? 0) >= threshold);
  }
  return mask;
}

/** Paints what is inside of it over what is there. */
export function paint(rgba: Uint8ClampedArray, mask: Uint8Array, [red, green, blue]: Rgb): void {
  for (let at = 0; at < mask.length; at += 1) if (mask[at]) rgba.set([red, green, blue, 255], at * 4);
}

const kept = new Map<string, Uint8Array>();

function keep(key: string, mask: Uint8Array): Uint8Array {
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest) kept.delete(oldest);
  kept.set(key, mask);
  return mask;
}

/**
 * One frame of a segmentation, by range from the object store. The last 24 are kept.
 *
 * @throws {FrameUnreadable} when its bytes can't be had
 */
export async function readMask(of: Segmentation, frame: number, signal: AbortSignal): Promise<Uint8Array> {
  const key = `${baseIdOf(of.instance)}/frames/${frame}`;
  const known = kept.get(key);
  if (known) return known;
  const found = acquired(key);
  if (!found) throw new RangeError("a segmentation's frame is of no open study");
  const bytes = await readFrame(found.book, of.instance, found.locator, signal);
  const isOneBit = of.instance.header["00280100"]?.Value?.[0] === 1;
  return keep(key, maskOf(bytes, of, frame, isOneBit));
}
