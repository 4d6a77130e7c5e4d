import { statfsSync } from "node:fs";
import { StartFailed } from "./start-failed.ts";

const MB = 1024 ** 2;
/** A start needs room for a database, its log and the demonstration. */
const TO_START_BYTES = 500 * MB;
/** Below it nothing more is taken in: what the database still has to write comes first. */
const TO_ACCEPT_BYTES = 200 * MB;
/** Below it the region stops while it can still do so cleanly. */
const TO_RUN_BYTES = 60 * MB;
const LOOK_EACH_MS = 2000;

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const inMb = (bytes: number) => Math.floor(bytes / MB);

/** @throws {StartFailed} `DISK_FULL` */
export function checkRoom(home: string, left = freeBytes(home)): void {
  if (left < TO_START_BYTES)
    throw new StartFailed(
      "DISK_FULL",
      `The disk of ${home} has ${inMb(left)} MB left; Weald needs 500 MB. Free some, or move WEALD_HOME.`,
    );
}

export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) ||
    /No space left on device|ENOSPC/.test(error.message));

export type DiskWatch = {
  /** May another object be taken in? */
  hasRoom(): boolean;
  /** Looks once; also called by the clock. */
  look(): void;
  stop(): void;
};

export type DiskWatchOptions = {
  home: string;
  say(line: string): void;
  /** Called once, when the region must stop. */
  onFull(): void;
  free?: () => number;
};

/** Looks at the disk of WEALD_HOME while the region runs, and says in one line when it fills and when it has room again. */
export function watchDisk({ home, say, onFull, free = () => freeBytes(home) }: DiskWatchOptions): DiskWatch {
  let state: "roomy" | "low" | "full" = "roomy";
  function look(): void {
    if (state === "full") return;
    const left = free();
    if (left < TO_RUN_BYTES) {
      state = "full";
      say(
        `The disk of ${home} is full (${inMb(left)} MB left). Weald stops; nothing is lost. Free 500 MB and start again. [DISK_FULL]`,
      );
      onFull();
    } else if (left < TO_ACCEPT_BYTES && state === "roomy") {
      state = "low";
      say(
        `The disk of ${home} has ${inMb(left)} MB left. Nothing new is taken in until some is freed; reading goes on. [DISK_LOW]`,
      );
    } else if (left >= TO_ACCEPT_BYTES && state === "low") {
      state = "roomy";
      say(`The disk of ${home} has room again: arrivals are taken in.`);
    }
  }
  const timer = setInterval(look, LOOK_EACH_MS);
  timer.unref();
  return { hasRoom: () => state === "roomy", look, stop: () => clearInterval(timer) };
}
