import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { StartFailed } from "./start-failed.ts";

const Owner = z.object({ pid: z.number(), startedAt: z.string(), basePort: z.number() });
export type Owner = z.output<typeof Owner>;

const fileOf = (home: string) => path.join(home, "running.json");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** A process number comes back: the owner is who began when the lock says. Linux tells; elsewhere the number must do. */
function isSameProcess(owner: Owner): boolean {
  if (!isAlive(owner.pid)) return false;
  try {
    const command = readFileSync(`/proc/${owner.pid}/cmdline`, "utf8");
    return command.includes("weald");
  } catch {
    return true;
  }
}

/** Who runs this region now, if anybody. */
export function ownerOf(home: string): Owner | undefined {
  try {
    const owner = Owner.parse(JSON.parse(readFileSync(fileOf(home), "utf8")));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One start at a time for each WEALD_HOME. The lock of a process that is gone is taken over.
 *
 * @throws {StartFailed} `ALREADY_RUNNING`
 */
export function takeLock(home: string, basePort: number): () => void {
  const running = ownerOf(home);
  if (running)
    throw new StartFailed(
      "ALREADY_RUNNING",
      `This region runs already (process ${running.pid}) at http://127.0.0.1:${running.basePort}. Stop it with Ctrl-C there.`,
    );
  rmSync(fileOf(home), { force: true });
  const mine: Owner = { pid: process.pid, startedAt: new Date().toISOString(), basePort };
  let handle: number;
  try {
    handle = openSync(fileOf(home), "wx", 0o600);
  } catch {
    throw new StartFailed("ALREADY_RUNNING", "Another start of this region began at the same moment.");
  }
  writeSync(handle, JSON.stringify(mine));
  closeSync(handle);
  return () => rmSync(fileOf(home), { force: true });
}
