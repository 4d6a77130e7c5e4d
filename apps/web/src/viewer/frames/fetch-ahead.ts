import type { FrameSource } from "../contract.ts";
import { engine, prefetcher } from "../stack/engine.ts";
import { acquired, framesOf, register } from "./registry.ts";
import { notePage, sourceBook } from "./url-book.ts";

/** A series of which the first picture may be wanted next. Its source declares that nobody has asked for it yet. */
export type Ahead = { source: FrameSource; seriesId: string };

/**
 * Fetches and decodes the first picture of a series into the cache that all viewports share, behind what they want. Hung later, it
 * is there at once, and only then counts as displayed (clinical page §21).
 */
export async function fetchAhead({ source, seriesId }: Ahead): Promise<void> {
  const page = await source.instances(seriesId);
  const first = page.instances.find(({ frames }) => frames.length > 0);
  const [frame] = first ? framesOf([first]) : [];
  // What hangs already has its own source.
  if (!first || !frame || acquired(frame.imageId)) return;
  const book = sourceBook(source);
  notePage(book, page);
  await engine();
  register(book, [frame]);
  const left = [frame.imageId];
  void prefetcher.plan(`ahead ${seriesId}`, { next: () => left.pop() });
}
