import type { Header, ViewerInstance } from "../contract.ts";
import type { UrlBook } from "../frames/url-book.ts";
import { numbers } from "../header.ts";
import { bytesOfAttribute, isSwapped } from "./attribute-bytes.ts";

/** Descriptor, plain table and segmented table of red, green and blue. @see DICOM PS3.3 §C.7.6.3.1.5, §C.7.9.2 */
const CHANNELS = [
  { descriptor: "00281101", plain: "00281201", segmented: "00281221" },
  { descriptor: "00281102", plain: "00281202", segmented: "00281222" },
  { descriptor: "00281103", plain: "00281203", segmented: "00281223" },
] as const;
const [DISCRETE, LINEAR, INDIRECT] = [0, 1, 2];
const MOST_ENTRIES = 65_536;

export const hasPalette = (header: Header): boolean =>
  CHANNELS.every(
    ({ descriptor, plain, segmented }) =>
      header[descriptor] !== undefined && (header[plain] !== undefined || header[segmented] !== undefined),
  );

/**
 * A table from its segments: entries one by one, straight lines, and segments that are said again.
 *
 * @param words - opcode, length, and what belongs to it, again and again
 * @param count - how many entries the descriptor states
 * @returns nothing where the segments say no sense, or other than so many entries
 * @see DICOM PS3.3 §C.7.9.2
 */
export function expandSegments(words: Uint16Array, count: number): Uint16Array | undefined {
  const entries: number[] = [];
  /** One segment from a place, and where the next begins; nothing where it is none. */
  function take(at: number, isAgain: boolean): number | undefined {
    const [opcode, length = 0, low = 0, high = 0] = words.subarray(at, at + 4);
    if (opcode === DISCRETE) entries.push(...words.subarray(at + 2, at + 2 + length));
    else if (opcode === LINEAR && entries.length > 0) {
      const from = entries.at(-1) ?? 0;
      for (let step = 1; step <= length; step += 1)
        entries.push(Math.round(from + ((low - from) * step) / length));
    } else if (opcode === INDIRECT && !isAgain) {
      let again: number | undefined = (low + high * 0x10000) / 2;
      for (let turn = 0; turn < length && again !== undefined && entries.length <= count; turn += 1)
        again = take(again, true);
      if (again === undefined) return undefined;
    } else return undefined;
    return at + (opcode === DISCRETE ? 2 + length : opcode === LINEAR ? 3 : 4);
  }
  for (let at: number | undefined = 0; at < words.length && entries.length < count; ) {
    at = take(at, false);
    if (at === undefined) return undefined;
  }
  return entries.length === count ? Uint16Array.from(entries) : undefined;
}

const inHeader = (bytes: Uint8Array): Header[string] => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { vr: "OW", InlineBinary: btoa(binary) };
};

const swapped = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at + 1 < bytes.length; at += 2) copy.set([bytes[at + 1] ?? 0, bytes[at] ?? 0], at);
  return copy;
};

const asWords = (bytes: Uint8Array): Uint16Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, at) => view.getUint16(at * 2, true));
};

/** Palettes that lie beside the pixels are read once, by range, and put whole into the header: little endian, without segments. */
export async function withPalettes(
  book: UrlBook,
  instance: ViewerInstance,
  signal: AbortSignal,
): Promise<Header> {
  const header = { ...instance.header };
  for (const { descriptor, plain, segmented } of CHANNELS) {
    const attribute = header[plain] ?? header[segmented];
    const read = await bytesOfAttribute(book, instance, attribute, signal);
    if (!read) continue;
    const bytes = isSwapped(instance, attribute) ? swapped(read) : read;
    if (header[plain]) {
      header[plain] = inHeader(bytes);
      continue;
    }
    const count = (numbers(header, descriptor)[0] ?? 0) & 0xffff || MOST_ENTRIES;
    const table = expandSegments(asWords(bytes), count);
    if (table) header[plain] = inHeader(new Uint8Array(table.buffer));
  }
  return header;
}
