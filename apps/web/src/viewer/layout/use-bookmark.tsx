import { type ReactNode, useEffect, useRef, useState } from "react";
import type { OwnKeys } from "../ui/keys.ts";
import { ResumeOffer } from "../ui/resume-offer.tsx";
import { type BookmarkPlace, missingIn } from "./bookmark.ts";

/** A reader who scrolls on is nowhere yet. */
const RESTS_MS = 2000;

type Keep = (place: BookmarkPlace | undefined) => Promise<unknown>;

/**
 * Keeps where the reader stands once they rest there, and when they leave. Who never left the start keeps what was kept before: it
 * is still offered the next time.
 */
function useKeptPlace(now: BookmarkPlace | "start" | "unsaid", keep: Keep | undefined): void {
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

type Asked = {
  /** Where this reader stopped in this study the last time, and when, in words. */
  kept: { place: BookmarkPlace; at: string } | undefined;
  now: BookmarkPlace | "start" | "unsaid";
  keep: Keep | undefined;
  openIds: readonly string[];
  /** Opens studies that hung there beside this one. */
  bring(studyIds: readonly string[]): Promise<void>;
  /** As the study opened. */
  begin(): void;
  own: OwnKeys;
};

type Bookmarked = {
  /** Asked for, and not yet hung. */
  wanted: BookmarkPlace | undefined;
  hung(): void;
  toggle(): void;
  offer: ReactNode;
};

/** Where one stopped is offered, never taken by itself: one key goes there, and back to the start. */
export function useBookmark({ kept, now, keep, openIds, bring, begin, own }: Asked): Bookmarked {
  useKeptPlace(now, keep);
  const [wanted, setWanted] = useState<BookmarkPlace>();
  const [isThere, setIsThere] = useState(false);
  async function go(place: BookmarkPlace): Promise<void> {
    const missing = missingIn(place, openIds);
    if (missing.length > 0) await bring(missing);
    setWanted(place);
  }
  function toggle(): void {
    if (kept && !isThere) {
      void go(kept.place);
      return;
    }
    setIsThere(false);
    begin();
  }
  return {
    wanted,
    hung(): void {
      setWanted(undefined);
      setIsThere(true);
    },
    toggle,
    offer: kept ? <ResumeOffer at={kept.at} isThere={isThere} own={own} onToggle={toggle} /> : null,
  };
}
