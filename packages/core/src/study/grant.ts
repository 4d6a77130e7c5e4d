const WINDOW_SECONDS = 30;

/** Ends 30 s after the present 30-s window: a URL lives 30 to 60 s, and is the same within a window, so caches work. */
export function grantAt(now: Date): { from: Date; until: Date } {
  const window = WINDOW_SECONDS * 1000;
  const from = Math.floor(now.getTime() / window) * window;
  return { from: new Date(from), until: new Date(from + 2 * window) };
}

/** `CORRECTED`: the study was corrected since the reader opened it. `NOT_SERVED`: rejected, moved or replaced since. */
export type GoneCode = "CORRECTED" | "NOT_SERVED";
