import { useEffect, useRef, useState } from "react";
import type { BookmarkPlace } from "./bookmark.ts";

/** A reader who scrolls on is nowhere yet. */
const RESTS_MS = 2000;

type Keep = (place: BookmarkPlace | undefined) => Promise<unknown>;

/**
 * Keeps where the reader stands once they rest there, and when they leave. Who never left the start keeps what was kept before: it
 * is still offered the next time.
 */
export function useKeptPlace(now: BookmarkPlace | "start" | "unsaid", keep: Keep | undefined): void {
  const hasMoved = useRef(false);
  const kept = useRef<string>(undefined);
  const latest = useRef({ now, keep });
  latest.current = { now, keep };
  const text = JSON.stringify(now);
  const flush = useRef(() => {
    const { now: place, keep: write } = latest.current;
    const said = JSON.stringify(place);
    if (!write || place === "unsaid" || said === kept.current || !hasMoved.current) return;
    kept.current = said;
    // What can't be kept isn't offered the next time: the study opens at its start.
    write(place === "start" ? undefined : place).catch(() => {});
  });
  useEffect(() => {
    if (text !== '"start"' && text !== '"unsaid"') hasMoved.current = true;
    const timer = setTimeout(flush.current, RESTS_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const write = flush.current;
    const onHidden = () => document.visibilityState === "hidden" && write();
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      document.removeEventListener("visibilitychange", onHidden);
      write();
    };
  }, []);
}

type Offer = {
  kept: BookmarkPlace | undefined;
  /** Opens what hung there beside the study and isn't open. */
  bring(place: BookmarkPlace): Promise<void>;
  begin(): void;
};

/** One key goes to where the reader stopped, and back to the start. */
export function useResume({ kept, bring, begin }: Offer) {
  /** Asked for, and not yet hung. */
  const [wanted, setWanted] = useState<BookmarkPlace>();
  const [isThere, setIsThere] = useState(false);
  return {
    wanted,
    isThere,
    hung(): void {
      setWanted(undefined);
      setIsThere(true);
    },
    toggle(): void {
      if (!kept || isThere) {
        setIsThere(false);
        begin();
        return;
      }
      void bring(kept).then(() => setWanted(kept));
    },
  };
}
