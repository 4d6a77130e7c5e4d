import { setTimeout as wait } from "node:timers/promises";

export type Rates = { objectsPerSecond?: number | undefined; megabytesPerSecond?: number | undefined };

/** So much may be let through at once after a pause. */
const MOST_SAVED_MS = 1000;

/** Lets things through no faster than the rates, on average: an import must leave the line and the region to the living. */
export function pacer({ objectsPerSecond, megabytesPerSecond }: Rates, now: () => number = Date.now) {
  let freeAt = now();
  return async (sizeBytes: number, signal?: AbortSignal): Promise<void> => {
    const forOne = objectsPerSecond === undefined ? 0 : 1000 / objectsPerSecond;
    const forBytes = megabytesPerSecond === undefined ? 0 : sizeBytes / (megabytesPerSecond * 1000);
    const start = Math.max(freeAt, now() - MOST_SAVED_MS);
    freeAt = start + Math.max(forOne, forBytes);
    const left = start - now();
    if (left > 0) await wait(left, undefined, signal ? { signal } : {});
  };
}
