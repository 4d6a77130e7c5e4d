import { useEffect, useRef, useState } from "react";
import type { FrameSource } from "../contract.ts";

const REPORT_EVERY_MS = 5000;

/** Images that stood on the screen, told to the source a few at a time: what was only fetched is no look. */
export function useDisplayed(
  source: FrameSource | undefined,
  seriesId: string | undefined,
  imageId: string | undefined,
  isReady: boolean,
): ReadonlySet<string> {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const untold = useRef(0);
  useEffect(() => {
    if (!imageId || !isReady) return;
    setSeen((was) => {
      if (was.has(imageId)) return was;
      untold.current += 1;
      return new Set(was).add(imageId);
    });
  }, [imageId, isReady]);
  useEffect(() => {
    if (!source || !seriesId) return;
    const tell = () => {
      if (untold.current === 0) return;
      const frames = untold.current;
      untold.current = 0;
      source.displayed(seriesId, frames).catch(() => {
        untold.current += frames;
      });
    };
    const timer = setInterval(tell, REPORT_EVERY_MS);
    return () => {
      clearInterval(timer);
      tell();
    };
  }, [source, seriesId]);
  return seen;
}
