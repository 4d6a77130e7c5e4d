import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { StartFailed } from "./start-failed.ts";
import { writeWhole } from "./whole-file.ts";

const Owner = z.object({
  pid: z.number(),
  startedAt: z.string(),
  basePort: z.number(),
  /** When the kernel says that this process began: a number of a process comes back, with another beginning. */
  began: z.string().optional(),
});
export type Owner = z.output<typeof Owner>;

const TRIES = 5;
const fileOf = (home: string) => path.join(home, "running.json");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Boot and start time of a process, on Linux; elsewhere its number must do. A dead one that nobody waits for is dead. */
function beganOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, state, ticks] = /\) (\S) (?:\S+ ){18}(\d+)/.exec(stat) ?? [];
    if (state === "Z") return "dead";
    return ticks && `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}

function isSameProcess({ pid, began }: Owner): boolean {
  if (!isAlive(pid)) return false;
  const now = beganOf(pid);
  return began === undefined || now === undefined || now === began;
}

function ownerIn(file: string): Owner | undefined {
  try {
    const owner = Owner.parse(JSON.parse(readFileSync(file, "utf8")));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Who runs this region now, if anybody. */
export const ownerOf = (home: string): Owner | undefined => ownerIn(fileOf(home));

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Takes a dead owner's lock out of the way. Another start may be quicker: a living owner's lock is put back. */
function removeStale(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (ownerIn(aside)) isLinked(aside, file);
  rmSync(aside, { force: true });
}

/** The lock is whole from the moment that it exists, and only one can make it. */
function tryLock(file: string, basePort: number): "mine" | Owner | undefined {
  const began = beganOf(process.pid);
  const whole = `${file}.${process.pid}.mine`;
  const mine: Owner = { pid: process.pid, startedAt: new Date().toISOString(), basePort };
  writeWhole(whole, began ? { ...mine, began } : mine);
  try {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (isLinked(whole, file)) return "mine";
      const owner = ownerIn(file);
      if (owner) return owner;
      removeStale(file);
    }
    return undefined;
  } finally {
    rmSync(whole, { force: true });
  }
}

/**
 * One start at a time for each WEALD_HOME. The lock of a process that is gone is taken over.
 *
 * @throws {StartFailed} `ALREADY_RUNNING`
 */
export function takeLock(home: string, basePort: number): () => void {
  const got = tryLock(fileOf(home), basePort);
  if (got === "mine") return () => rmSync(fileOf(home), { force: true });
  throw new StartFailed(
    "ALREADY_RUNNING",
    got
      ? `This region runs already (process ${got.pid}) at http://127.0.0.1:${got.basePort}. Stop it with Ctrl-C there.`
      : "Another start of this region began at the same moment. Try again.",
  );
}

/** For what several regions of one checkout share: waits until nobody else holds it. */
export async function waitForLock(file: string, signal: AbortSignal): Promise<() => void> {
  while (tryLock(file, 0) !== "mine") await wait(500, undefined, { signal });
  return () => rmSync(file, { force: true });
}
