import { loadWealdImage } from "../frames/image-loader.ts";
import { readFrame } from "../frames/read-frame.ts";
import { acquired, baseIdOf } from "../frames/registry.ts";
import type { Rgb } from "./cie-lab.ts";
import { FRAME_DEFLATED, isNative, isPlainFrame, type Segmentation } from "./segmentation.ts";

const MOST_KEPT = 24;

/** What a frame says of each pixel: 0 or 1, how much of a fraction, or of a label map which segment. */
export type Values = Uint8Array | Uint16Array;
type Sized = Pick<Segmentation, "rows" | "columns" | "bits">;

/**
 * The values of a frame that is stored as it is.
 *
 * @param bytes - from the byte in which the frame begins: native frames of one bit a pixel follow each other without a gap
 * @param frame - counts from 1; 1 where each frame begins with a byte of its own
 * @throws {RangeError} where there are fewer bytes than pixels
 * @see DICOM PS3.5 §8.1.1: the first pixel is the lowest bit
 */
export function valuesOf(bytes: Uint8Array, { rows, columns, bits }: Sized, frame: number): Values {
  const count = rows * columns;
  const skipped = bits === 1 ? ((frame - 1) * count) % 8 : 0;
  const needed = bits === 1 ? Math.ceil((skipped + count) / 8) : (count * bits) / 8;
  if (bytes.length < needed) throw new RangeError("a segment's frame is shorter than its size");
  if (bits === 8) return bytes.subarray(0, count);
  if (bits === 16) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, count * 2);
    return Uint16Array.from({ length: count }, (_, at) => view.getUint16(at * 2, true));
  }
  const values = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    const bit = skipped + at;
    values[at] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  }
  return values;
}

/** Paints what is inside of it over what is there. `threshold`: a value from here on is inside. */
export function paint(
  rgba: Uint8ClampedArray,
  values: Values,
  threshold: number,
  [red, green, blue]: Rgb,
): void {
  for (let at = 0; at < values.length; at += 1)
    if ((values[at] ?? 0) >= threshold) rgba.set([red, green, blue, 255], at * 4);
}

/**
 * Paints each pixel in the colour of its segment.
 *
 * @param colours - of the segments that are to be seen
 * @returns those that it found
 */
export function paintLabels(
  rgba: Uint8ClampedArray,
  values: Values,
  colours: ReadonlyMap<number, Rgb>,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = 0; at < values.length; at += 1) {
    const label = values[at] ?? 0;
    const colour = colours.get(label);
    if (!colour) continue;
    found.add(label);
    rgba.set([colour[0], colour[1], colour[2], 255], at * 4);
  }
  return found;
}

const kept = new Map<string, Values>();

function keep(key: string, values: Values): Values {
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest) kept.delete(oldest);
  kept.set(key, values);
  return values;
}

const inflated = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([new Uint8Array(bytes)]).stream();
  return new Uint8Array(
    await new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer(),
  );
};

/** By the codecs of images. @throws {RangeError} where they give other than a value a pixel */
async function decodedOf(of: Segmentation, imageId: string): Promise<Values> {
  const data = (await loadWealdImage(imageId).promise).getPixelData();
  if (data.length !== of.rows * of.columns) throw new RangeError("a segment's frame is of another size");
  return of.bits === 8 ? Uint8Array.from(data) : Uint16Array.from(data);
}

/**
 * One frame of a segmentation, by range from the object store. The last 24 are kept.
 *
 * @throws {FrameUnreadable} when its bytes can't be had
 */
export async function readValues(of: Segmentation, frame: number, signal: AbortSignal): Promise<Values> {
  const key = `${baseIdOf(of.instance)}/frames/${frame}`;
  const known = kept.get(key);
  if (known) return known;
  const found = acquired(key);
  if (!found) throw new RangeError("a segmentation's frame is of no open study");
  const { transferSyntaxUid } = of.instance;
  if (!isNative(transferSyntaxUid) && !isPlainFrame(transferSyntaxUid))
    return keep(key, await decodedOf(of, key));
  const read = await readFrame(found.book, of.instance, found.locator, signal);
  const bytes = transferSyntaxUid === FRAME_DEFLATED ? await inflated(read) : read;
  return keep(key, valuesOf(bytes, of, isNative(transferSyntaxUid) ? frame : 1));
}
