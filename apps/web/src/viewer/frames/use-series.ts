import { useEffect, useMemo, useState } from "react";
import type { FrameSource, ViewerInstance } from "../contract.ts";
import { addMetadata } from "./metadata.ts";
import { type Frame, framesOf, register } from "./registry.ts";
import { urlBook } from "./url-book.ts";

export type SeriesLoad =
  | { state: "loading"; instances: ViewerInstance[] }
  | { state: "ready"; instances: ViewerInstance[]; frames: Frame[] }
  | { state: "failed"; why: string };

const NOTHING: SeriesLoad = { state: "loading", instances: [] };

/** Every page of a series' instances, then its frames known to the loader. */
export function useSeries(source: FrameSource, seriesId: string | undefined): SeriesLoad {
  const book = useMemo(() => urlBook(source.sign), [source]);
  // With the series that it is of: while another is asked for, the last one's images are nobody's.
  const [held, setHeld] = useState<{ of: string | undefined; load: SeriesLoad }>({
    of: undefined,
    load: NOTHING,
  });

  useEffect(() => {
    if (!seriesId) return;
    const abort = new AbortController();
    const setLoad = (load: SeriesLoad) => setHeld({ of: seriesId, load });
    async function readAll(of: string): Promise<void> {
      const instances: ViewerInstance[] = [];
      setLoad({ state: "loading", instances });
      let after: string | undefined;
      do {
        const page = await source.instances(of, after);
        instances.push(...page.instances);
        after = page.next;
      } while (after && !abort.signal.aborted);
      book.plan(instances.map(({ instanceId }) => instanceId));
      await addMetadata(book, instances, abort.signal);
      if (abort.signal.aborted) return;
      const frames = framesOf(instances);
      register(book, frames);
      setLoad({ state: "ready", instances, frames });
    }
    readAll(seriesId).catch((error: unknown) => {
      if (!abort.signal.aborted)
        setLoad({
          state: "failed",
          why: error instanceof Error ? error.message : "The series could not be read.",
        });
    });
    return () => abort.abort();
  }, [source, seriesId, book]);

  return held.of === seriesId ? held.load : NOTHING;
}
