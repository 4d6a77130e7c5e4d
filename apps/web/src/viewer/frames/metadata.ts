import { utilities } from "@cornerstonejs/metadata";
import type { ViewerInstance } from "../contract.ts";
import { withPalettes } from "../pixels/palette.ts";
import { baseIdOf } from "./registry.ts";
import type { UrlBook } from "./url-book.ts";

const added = new Map<string, Promise<void>>();

async function add(book: UrlBook, instance: ViewerInstance, signal: AbortSignal): Promise<void> {
  const header = await withPalettes(book, instance, signal);
  // The library takes a VOI LUT function's first letter for its name, and fails: the loader states it with each image.
  const { "00083002": _available, "00281056": _function, ...rest } = header;
  await utilities.addDicomWebInstance(baseIdOf(instance), rest);
}

/**
 * Tells cornerstone what an instance is, by our own ids: one SOP Instance UID may be held by two trusts. Each when its first image
 * is read, not a whole series before its first picture: a header takes the library a millisecond.
 */
export function addMetadata(book: UrlBook, instance: ViewerInstance, signal: AbortSignal): Promise<void> {
  const base = baseIdOf(instance);
  const known = added.get(base);
  if (known !== undefined) return known;
  const adding = add(book, instance, signal);
  added.set(base, adding);
  // What could not be read is read again with the next try.
  adding.catch(() => added.delete(base));
  return adding;
}
