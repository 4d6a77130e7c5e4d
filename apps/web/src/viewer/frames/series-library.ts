import type { FrameSource, ViewerInstance } from "../contract.ts";
import { type Frame, framesOf, register } from "./registry.ts";
import { notePage, sourceBook } from "./url-book.ts";

export type ReadSeries = { instances: ViewerInstance[]; frames: Frame[] };

/** What comes after a series was read isn't in it: asked for again after this, it is read again. */
const KEPT_MS = 60_000;

function createLibrary(source: FrameSource) {
  const book = sourceBook(source);
  const read = new Map<string, { at: number; series: Promise<ReadSeries> }>();

  async function readAll(seriesId: string): Promise<ReadSeries> {
    const instances: ViewerInstance[] = [];
    let after: string | undefined;
    do {
      const page = await source.instances(seriesId, after);
      instances.push(...page.instances);
      notePage(book, page);
      after = page.next;
    } while (after);
    book.plan(instances.map(({ instanceId }) => instanceId));
    const frames = framesOf(instances);
    register(book, frames);
    return { instances, frames };
  }

  return {
    book,
    /** Every page of a series' instances, and its frames known to the loader. Read once for all viewports. */
    series(seriesId: string): Promise<ReadSeries> {
      const known = read.get(seriesId);
      if (known && Date.now() - known.at < KEPT_MS) return known.series;
      const series = readAll(seriesId);
      read.set(seriesId, { at: Date.now(), series });
      // What failed is tried again when it is asked for again.
      series.catch(() => read.delete(seriesId));
      return series;
    },
  };
}
export type SeriesLibrary = ReturnType<typeof createLibrary>;

const libraries = new WeakMap<FrameSource, SeriesLibrary>();

/** One library for each source, so that no viewport reads what another has read. */
export function libraryOf(source: FrameSource): SeriesLibrary {
  const known = libraries.get(source) ?? createLibrary(source);
  libraries.set(source, known);
  return known;
}
