import { utilities } from "@cornerstonejs/metadata";
import type { Header, ViewerInstance } from "../contract.ts";
import { readBulk } from "./read-frame.ts";
import { baseIdOf } from "./registry.ts";
import type { UrlBook } from "./url-book.ts";

const PALETTES = ["00281201", "00281202", "00281203"];
const added = new Set<string>();

const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** Palettes lie beside the pixels: they are read once, by range, and put into the header. @see DICOM PS3.3 §C.7.6.3.1.6 */
async function withPalettes(book: UrlBook, instance: ViewerInstance, signal: AbortSignal): Promise<Header> {
  const header = { ...instance.header };
  for (const tag of PALETTES) {
    const place = header[tag]?.BulkDataURI;
    const bytes = place ? await readBulk(book, instance, place, signal) : undefined;
    if (bytes) header[tag] = { vr: "OW", InlineBinary: base64(bytes) };
  }
  return header;
}

/** Tells cornerstone what each instance is, by our own ids: one SOP Instance UID may be held by two trusts. */
export async function addMetadata(
  book: UrlBook,
  instances: readonly ViewerInstance[],
  signal: AbortSignal,
): Promise<void> {
  for (const instance of instances) {
    const base = baseIdOf(instance);
    if (added.has(base) || instance.frames.length === 0) continue;
    const header = await withPalettes(book, instance, signal);
    // The library takes a VOI LUT function's first letter for its name, and fails: the loader states it with each image.
    const { "00083002": _available, "00281056": _function, ...rest } = header;
    await utilities.addDicomWebInstance(base, rest);
    added.add(base);
  }
}
