/** How a session stands, as far as time alone says it. */
export type SessionTimes = { idleSeconds: number | null; endsAt: number; lastUse: number };
export type Due = { lock: boolean; over: boolean; locksInSeconds?: number; endsSoon: boolean };

export const WARNED_SECONDS = 60;
const SHIFT_WARNED_MS = 15 * 60_000;

/** What is due at this moment: a lock, its warning a minute before, the end of the shift, its banner a quarter before. */
export function dueAt({ idleSeconds, endsAt, lastUse }: SessionTimes, now: number): Due {
  const shift = { over: now >= endsAt, endsSoon: endsAt - now <= SHIFT_WARNED_MS };
  if (idleSeconds === null) return { lock: false, ...shift };
  const left = idleSeconds - (now - lastUse) / 1000;
  return {
    lock: left <= 0,
    ...shift,
    ...(left > 0 && left <= WARNED_SECONDS ? { locksInSeconds: Math.ceil(left) } : {}),
  };
}
