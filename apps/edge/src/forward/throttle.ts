import { setTimeout as wait } from "node:timers/promises";

/** Takes so many bytes of the line's time; who is urgent goes before who isn't. */
export type Throttle = (bytes: number, isUrgent: boolean) => Promise<void>;

const LOOK_MS = 20;

/** A token bucket of one second. */
export function throttle(bytesPerSecond: number | undefined): Throttle {
  if (bytesPerSecond === undefined) return async () => {};
  let free = bytesPerSecond;
  let at = Date.now();
  let urgentOnes = 0;

  function refill(): void {
    const now = Date.now();
    free = Math.min(bytesPerSecond ?? 0, free + ((now - at) / 1000) * (bytesPerSecond ?? 0));
    at = now;
  }

  async function take(bytes: number, isUrgent: boolean): Promise<void> {
    for (refill(); free <= 0 || (!isUrgent && urgentOnes > 0); refill()) await wait(LOOK_MS);
    free -= bytes;
  }

  return async (bytes, isUrgent) => {
    if (!isUrgent) return take(bytes, false);
    urgentOnes += 1;
    await take(bytes, true).finally(() => {
      urgentOnes -= 1;
    });
  };
}
