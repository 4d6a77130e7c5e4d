import { useEffect, useMemo, useState } from "react";
import type { FrameSource, ViewerInstance } from "../contract.ts";
import type { Frame } from "./registry.ts";
import { libraryOf } from "./series-library.ts";

export type SeriesLoad =
  | { state: "loading"; instances: ViewerInstance[] }
  | { state: "ready"; instances: ViewerInstance[]; frames: Frame[] }
  | { state: "failed"; why: string };

const NOTHING: SeriesLoad = { state: "loading", instances: [] };

function only(load: SeriesLoad, instanceIds: readonly string[] | undefined): SeriesLoad {
  if (load.state !== "ready" || !instanceIds) return load;
  const places = new Map(instanceIds.map((instanceId, index) => [instanceId, index]));
  const isMine = (instanceId: string) => places.has(instanceId);
  const inOrder = (a: Frame, b: Frame) =>
    (places.get(a.instance.instanceId) ?? 0) - (places.get(b.instance.instanceId) ?? 0) || a.frame - b.frame;
  return {
    state: "ready",
    instances: load.instances.filter(({ instanceId }) => isMine(instanceId)),
    frames: load.frames.filter(({ instance }) => isMine(instance.instanceId)).sort(inOrder),
  };
}

/** Every page of a series' instances, then its frames known to the loader; of some images only, where they are named. */
export function useSeries(
  source: FrameSource | undefined,
  seriesId: string | undefined,
  instanceIds?: readonly string[],
): SeriesLoad {
  // With the series that it is of: while another is asked for, the last one's images are nobody's.
  const [held, setHeld] = useState<{ of: string | undefined; load: SeriesLoad }>({
    of: undefined,
    load: NOTHING,
  });

  useEffect(() => {
    if (!source || !seriesId) return;
    let isLeft = false;
    const setLoad = (load: SeriesLoad) => {
      if (!isLeft) setHeld({ of: seriesId, load });
    };
    setLoad(NOTHING);
    libraryOf(source)
      .series(seriesId)
      .then(
        (read) => setLoad({ state: "ready", ...read }),
        (error: unknown) =>
          setLoad({
            state: "failed",
            why: error instanceof Error ? error.message : "The series could not be read.",
          }),
      );
    return () => {
      isLeft = true;
    };
  }, [source, seriesId]);

  const load = held.of === seriesId ? held.load : NOTHING;
  return useMemo(() => only(load, instanceIds), [load, instanceIds]);
}
