import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { StartFailed } from "./start-failed.ts";
import { readWhole, writeWhole } from "./whole-file.ts";

const Version = z.object({ home: z.number().int(), weald: z.string() });

/** One step forward: from the version before to `to`. Idempotent, as a killed start does it again. */
export type HomeStep = { to: number; move(home: string): void };

/**
 * How WEALD_HOME changed its shape, in order; the database has migrations of its own. The last `to` is what this Weald
 * writes.
 */
export const HOME_STEPS: readonly HomeStep[] = [{ to: 1, move: () => {} }];

const fileOf = (home: string) => path.join(home, "version.json");
const newestOf = (steps: readonly HomeStep[]) => steps.at(-1)?.to ?? 0;

export const versionOf = (home: string): z.output<typeof Version> | undefined =>
  existsSync(fileOf(home)) ? readWhole(fileOf(home), Version) : undefined;

/** @throws {StartFailed} `HOME_IS_NEWER` */
export function checkVersion(home: string, steps: readonly HomeStep[] = HOME_STEPS): void {
  const found = versionOf(home);
  if (found && found.home > newestOf(steps))
    throw new StartFailed(
      "HOME_IS_NEWER",
      `${home} was written by a newer Weald (${found.weald}). Start that one, or choose another WEALD_HOME.`,
    );
}

/**
 * Brings an older WEALD_HOME to the shape of this Weald, step by step, and says so in it.
 *
 * @throws {StartFailed} `HOME_IS_NEWER`
 * @returns The steps that were taken.
 */
export function migrateHome(home: string, weald: string, steps: readonly HomeStep[] = HOME_STEPS): number[] {
  checkVersion(home, steps);
  const from = versionOf(home)?.home ?? 0;
  const missing = steps.filter(({ to }) => to > from);
  for (const { to, move } of missing) {
    move(home);
    writeWhole(fileOf(home), { home: to, weald });
  }
  if (missing.length === 0) writeWhole(fileOf(home), { home: newestOf(steps), weald });
  return missing.map(({ to }) => to);
}
