"use client";
import { useEffect, useState } from "react";

const EVERY_MS = 20_000;

/** The time as the server told it, going on: a count-down never starts from a browser's wrong clock. */
export function useNow(told: string): number {
  const [now, setNow] = useState(Date.parse(told));
  useEffect(() => {
    const begun = performance.now();
    const tick = () => setNow(Date.parse(told) + performance.now() - begun);
    tick();
    const timer = setInterval(tick, EVERY_MS);
    return () => clearInterval(timer);
  }, [told]);
  return now;
}
