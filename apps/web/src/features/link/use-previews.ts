"use client";
import { useEffect, useRef, useState } from "react";
import { mine } from "./mine-client.ts";
import { type Previews, type SeriesOfStudy, type SignedPictures, watchPictures } from "./picture-watch.ts";

const NONE: Previews = new Map();

const ask = ({ studyId, seriesIds }: SeriesOfStudy): Promise<SignedPictures> =>
  mine.signPictures.mutate({ studyId, seriesIds: [...seriesIds] });

function untilSeen(signal: AbortSignal): Promise<void> {
  return new Promise((then) => {
    function look(): void {
      if (document.visibilityState === "hidden" && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      then();
    }
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

/** Small pictures by series. `first`: what came with the page. `isOpen`: none is held where the link shows nothing any more. */
export function usePreviews(
  first: SignedPictures,
  studies: readonly SeriesOfStudy[],
  isOpen: boolean,
): Previews {
  const [previews, setPreviews] = useState(NONE);
  const watch = useRef<ReturnType<typeof watchPictures>>(undefined);
  useEffect(() => {
    if (!isOpen) return;
    const begun = watchPictures({ ask, untilSeen, onTold: setPreviews });
    begun.hear(first);
    watch.current = begun;
    return () => {
      watch.current = undefined;
      begun.stop();
    };
  }, [first, isOpen]);
  useEffect(() => {
    if (isOpen) watch.current?.want(studies);
  }, [studies, isOpen]);
  return previews;
}
