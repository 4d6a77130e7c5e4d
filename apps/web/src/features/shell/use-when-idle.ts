import { useEffect } from "react";

/** Long enough for what the page itself asks for; a browser without idle callbacks waits so long. */
const AFTER_MS = 1500;

/** Does something once, when the page has nothing else to do. `work` stays the same function from one drawing to the next. */
export function useWhenIdle(work: () => void, isReady = true): void {
  useEffect(() => {
    if (!isReady) return;
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(work, AFTER_MS);
      return () => clearTimeout(timer);
    }
    const asked = requestIdleCallback(work, { timeout: AFTER_MS * 4 });
    return () => cancelIdleCallback(asked);
  }, [work, isReady]);
}
