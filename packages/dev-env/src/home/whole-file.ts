import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import type { z } from "zod";
import { StartFailed } from "./start-failed.ts";

/** A kill in mid-write, or a full disk, leaves the file as it was: never half of the new one. Readable by its owner only. */
export function writeWhole(file: string, value: unknown): void {
  const beside = `${file}.${process.pid}.new`;
  const handle = openSync(beside, "w", 0o600);
  try {
    writeSync(handle, JSON.stringify(value, null, 2));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, file);
}

/** @throws {StartFailed} `HOME_SPOILT` for a file that somebody has altered or cut short */
export function readWhole<T extends z.ZodType>(file: string, shape: T): z.output<T> {
  const text = readFileSync(file, "utf8");
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw new StartFailed(
      "HOME_SPOILT",
      `${file} can't be read as what Weald wrote there. Restore a backup with: npm run restore -- FOLDER`,
      { cause },
    );
  }
}
