"use client";
import { useEffect } from "react";

/** Long enough for what the page itself asks for; a browser without idle callbacks waits so long. */
const AFTER_MS = 1500;

/**
 * On pages from which studies are opened: the viewer's code comes and its engine starts while nothing else is to do, so that a click
 * finds both there.
 */
export function ViewerAhead() {
  useEffect(() => {
    // What can't be had ahead says so when a study is opened.
    const fetchIt = () =>
      void import("#viewer/viewer.tsx").then(({ startEngine }) => startEngine()).catch(() => {});
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(fetchIt, AFTER_MS);
      return () => clearTimeout(timer);
    }
    const asked = requestIdleCallback(fetchIt, { timeout: AFTER_MS * 4 });
    return () => cancelIdleCallback(asked);
  }, []);
  return null;
}
