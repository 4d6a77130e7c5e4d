"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type MineView, mine } from "./mine-client.ts";
import { type Closed, closedBy, RENEWED_EACH_MS, standingOf, TRIED_AGAIN_MS } from "./standing.ts";

const TICK_MS = 1000;

export type Renewal = {
  view: MineView;
  standing: Closed | "open";
  /** Asks at once: something was refused just now. */
  renew(): void;
};

/** Asks again and again whether the link still shows this. What isn't renewed isn't shown. */
export function useRenewal(first: MineView): Renewal {
  const [view, setView] = useState(first);
  const [standing, setStanding] = useState<Closed | "open">("open");
  const renewed = useRef<{ at: number; closed: Closed | undefined }>({ at: Number.NaN, closed: undefined });
  const asking = useRef(false);
  const next = useRef(0);

  const tell = useCallback(() => setStanding(standingOf(renewed.current, Date.now())), []);
  const renew = useCallback(async () => {
    if (asking.current || renewed.current.closed) return;
    asking.current = true;
    try {
      const answer = await mine.read.query({});
      renewed.current = { at: Date.now(), closed: undefined };
      next.current = Date.now() + RENEWED_EACH_MS;
      setView(answer);
    } catch (error) {
      renewed.current = { ...renewed.current, closed: closedBy(error) };
      next.current = Date.now() + TRIED_AGAIN_MS;
    } finally {
      asking.current = false;
      tell();
    }
  }, [tell]);

  useEffect(() => {
    // From when the page came, not from when it was drawn there.
    if (Number.isNaN(renewed.current.at)) renewed.current.at = performance.timeOrigin;
    next.current = renewed.current.at + RENEWED_EACH_MS;
    const tick = () => {
      tell();
      if (Date.now() >= next.current) void renew();
    };
    const timer = setInterval(tick, TICK_MS);
    // A telephone that was put away comes back with its clock stood still.
    document.addEventListener("visibilitychange", tick);
    window.addEventListener("pageshow", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      window.removeEventListener("pageshow", tick);
    };
  }, [renew, tell]);

  return { view, standing, renew: useCallback(() => void renew(), [renew]) };
}
