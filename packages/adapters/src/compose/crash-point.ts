import type { CrashPoint } from "@weald/core/kernel";

type Environment = Record<string, string | undefined>;

/**
 * For the crash test: `WEALD_CRASH_AT=point` kills this process there as `kill -9` would, `WEALD_CRASH_AFTER=n` at the
 * n-th time. Refused in production.
 */
export function crashPointFrom(env: Environment): (name: CrashPoint) => void {
  const at = env.WEALD_CRASH_AT;
  if (!at || env.WEALD_ENVIRONMENT === "production") return () => {};
  let left = Number(env.WEALD_CRASH_AFTER ?? "1");
  return (name) => {
    if (name !== at) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}
