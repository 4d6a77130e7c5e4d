import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { checkSums } from "./manifest.ts";

/**
 * Puts a backup in the place of a stopped region's state, after every file of it was checked. Copies: the backup stays whole.
 *
 * @throws {BackupSpoilt} `BACKUP_SPOILT`, before anything is touched
 */
export async function restoreBackup(from: string, home: string): Promise<void> {
  await checkSums(from);
  if (existsSync(home)) rmSync(home, { recursive: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) {
    if (name !== "SHA256SUMS") cpSync(path.join(from, name), path.join(home, name), { recursive: true });
  }
  // The pause was part of the database when it was copied; it ends by itself, and at the next start at the latest.
  mkdirSync(path.join(home, "logs"), { recursive: true, mode: 0o700 });
}
