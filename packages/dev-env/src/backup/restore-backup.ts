import { chmodSync, constants, cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { checkSums, SUMS } from "./manifest.ts";

const NEW = ".restoring";
const OLD = ".replaced";

const moveAll = (from: string, to: string) => {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from))
    if (name !== NEW && name !== OLD) renameSync(path.join(from, name), path.join(to, name));
};

/**
 * Puts a backup in the place of a stopped region's state. Every file is copied, the copies are checked, and only then is
 * the old state moved away: whatever fails before leaves it as it was. Copies: the backup stays whole.
 *
 * @returns How many files were restored.
 * @throws {BackupSpoilt} `BACKUP_SPOILT`, before anything is replaced
 */
export async function restoreBackup(from: string, home: string): Promise<number> {
  const [fresh, old] = [path.join(home, NEW), path.join(home, OLD)];
  mkdirSync(home, { recursive: true, mode: 0o700 });
  rmSync(fresh, { recursive: true, force: true });
  let files: number;
  try {
    // With its empty folders, which PostgreSQL wants.
    cpSync(from, fresh, { recursive: true, mode: constants.COPYFILE_FICLONE });
    files = await checkSums(fresh);
    rmSync(path.join(fresh, SUMS));
    chmodSync(path.join(fresh, "postgres"), 0o700);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  // From here to the last move the home is neither: a start refuses it (RESTORE_UNFINISHED) and the restore is run again.
  rmSync(old, { recursive: true, force: true });
  moveAll(home, old);
  moveAll(fresh, home);
  mkdirSync(path.join(home, "logs"), { recursive: true, mode: 0o700 });
  rmSync(fresh, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
  return files;
}
