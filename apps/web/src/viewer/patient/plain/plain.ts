import type { Header } from "../../contract.ts";
import { aspectOf } from "../../frames/aspect.ts";
import { isBigEndian, isNative, ofNative, storedBits } from "../../frames/native.ts";
import type { Frame } from "../../frames/registry.ts";
import { functional, number, numbers, text } from "../../header.ts";
import { windowsFor } from "../../marks/windows.ts";
import { voiFunction } from "../../pixels/presentation.ts";
import { windowed } from "../../pixels/windowed.ts";

/** How the greys of a frame are made of its stored values, where a straight line and a window are all that it takes. */
export type Plain = {
  columns: number;
  rows: number;
  /** How wide a pixel is for its height, in the patient. */
  aspect: number;
  bytes: 1 | 2;
  isSigned: boolean;
  slope: number;
  intercept: number;
  window: { center: number; width: number };
  how: ReturnType<typeof voiFunction>;
  isWhiteFirst: boolean;
};

/** Tables by which greys are more than a line and a window: of modality, VOI and presentation. */
const TABLES = ["00283000", "00283010", "20500010"];
/** Their values are told in units that a reader's engine works out. */
const HAS_UNITS = new Set(["PT", "NM", "RTDOSE", "SEG"]);
/** What a telephone draws as one canvas. */
const MOST_PIXELS = 12_000_000;

function pixelsOf(header: Header): Pick<Plain, "columns" | "rows" | "bytes" | "isSigned"> | undefined {
  const [rows, columns] = [number(header, "00280010") ?? 0, number(header, "00280011") ?? 0];
  const { allocated, isSigned } = storedBits(header);
  if (rows * columns === 0 || rows * columns > MOST_PIXELS) return undefined;
  if (allocated !== 8 && allocated !== 16) return undefined;
  return { columns, rows, bytes: allocated === 8 ? 1 : 2, isSigned };
}

/** Whether a frame is grey, uncompressed, and shown by a line and a window; nothing where the engine must draw it. */
export function plainOf({ instance, frame, locator }: Frame): Plain | undefined {
  const { header, transferSyntaxUid } = instance;
  const pixels = pixelsOf(header);
  const photometric = text(header, "00280004");
  const isGrey = photometric === "MONOCHROME1" || photometric === "MONOCHROME2";
  if (!pixels || !isGrey || (number(header, "00280002") ?? 1) !== 1) return undefined;
  if (!isNative(transferSyntaxUid) || isBigEndian(transferSyntaxUid)) return undefined;
  if (locator.length < pixels.rows * pixels.columns * pixels.bytes) return undefined;
  const shape = text(header, "20500020") ?? "IDENTITY";
  if (shape !== "IDENTITY" || TABLES.some((tag) => header[tag] !== undefined)) return undefined;
  if (HAS_UNITS.has(text(header, "00080060") ?? "")) return undefined;
  // The first window is the one that it asks for. Without one the engine looks for its darkest and its brightest.
  const [width = 0] = numbers(functional(header, frame, "00289132") ?? header, "00281051");
  const [window] = width > 0 ? windowsFor(header, frame) : [];
  if (!window) return undefined;
  const rescale = functional(header, frame, "00289145") ?? header;
  return {
    ...pixels,
    aspect: aspectOf(header, frame),
    slope: number(rescale, "00281053") ?? 1,
    intercept: number(rescale, "00281052") ?? 0,
    window: { center: window.center, width: window.width },
    how: voiFunction(header, frame),
    isWhiteFirst: photometric === "MONOCHROME1",
  };
}

/** The stored values of a plain frame, of the bytes that lie in the object store. */
export function valuesOf(bytes: Uint8Array, { instance }: Frame, plain: Plain): ArrayLike<number> {
  const own = ofNative(bytes, instance);
  const count = plain.columns * plain.rows;
  if (plain.bytes === 1)
    return plain.isSigned ? new Int8Array(own.buffer, own.byteOffset, count) : own.subarray(0, count);
  // A range may begin at an odd place.
  const even: Uint8Array = own.byteOffset % 2 === 0 ? own : own.slice();
  return plain.isSigned
    ? new Int16Array(even.buffer, even.byteOffset, count)
    : new Uint16Array(even.buffer, even.byteOffset, count);
}

/** The grey of each stored value, from 0 to 255; at index `value & 0xffff`. */
export function greysOf({
  slope,
  intercept,
  window,
  how,
  isWhiteFirst,
  isSigned,
  bytes,
}: Plain): Uint8ClampedArray {
  const shadeOf = windowed({ how, ...window });
  const size = 2 ** (8 * bytes);
  const greys = new Uint8ClampedArray(size);
  for (let at = 0; at < size; at += 1) {
    const value = isSigned && at >= size / 2 ? at - size : at;
    const grey = 255 * shadeOf(value * slope + intercept);
    greys[at] = isWhiteFirst ? 255 - grey : grey;
  }
  return greys;
}

/** As a canvas takes it: red, green, blue and no transparency. */
export function drawnOf(values: ArrayLike<number>, greys: Uint8ClampedArray, plain: Plain): ImageData {
  const image = new ImageData(plain.columns, plain.rows);
  const words = new Uint32Array(image.data.buffer);
  const mask = greys.length - 1;
  for (let at = 0; at < words.length; at += 1) {
    const grey = greys[(values[at] ?? 0) & mask] ?? 0;
    words[at] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  return image;
}
