import { type ChildProcess, spawn } from "node:child_process";

const LEASH = new URL("./leash.mjs", import.meta.url).href;

export type LeashedOptions = {
  cwd: string;
  env: Record<string, string | undefined>;
  write: (line: string) => void;
};

/**
 * A Node process of its own that Ctrl-C doesn't reach, because the region stops it in its turn, and that ends by itself
 * when the region's process is killed.
 */
export function spawnLeashed(args: readonly string[], { cwd, env, write }: LeashedOptions): ChildProcess {
  const child = spawn(process.execPath, ["--import", LEASH, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => text.split("\n").filter(Boolean).forEach(write));
  return child;
}

/** Ends the process with all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
