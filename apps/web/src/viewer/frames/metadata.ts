import { utilities } from "@cornerstonejs/metadata";
import type { ViewerInstance } from "../contract.ts";
import { withPalettes } from "../pixels/palette.ts";
import { baseIdOf } from "./registry.ts";
import type { UrlBook } from "./url-book.ts";

const added = new Set<string>();

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
