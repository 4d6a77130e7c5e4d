import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

/** The server's own note of its process, in its data folder. */
const noteOf = (dataDir: string): string => path.join(dataDir, "postmaster.pid");

function isPostgres(pid: number): boolean {
  try {
    // Elsewhere than on Linux there is no /proc, and the number must do.
    if (!existsSync("/proc/self/stat")) return true;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^\d+ \(postgres\) [^ZX]/.test(stat);
  } catch {
    return false;
  }
}

function notedPid(dataDir: string): number | undefined {
  const note = noteOf(dataDir);
  if (!existsSync(note)) return undefined;
  const pid = Number(readFileSync(note, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  return pid;
}

/** The server that runs on this data folder, which a killed process left behind. */
export function livingServer(dataDir: string): number | undefined {
  const pid = notedPid(dataDir);
  return pid !== undefined && isPostgres(pid) ? pid : undefined;
}

/** After a reboot the number in a dead server's note may be another program's, and PostgreSQL would wait for that one. */
export function dropMisleadingNote(dataDir: string): void {
  const pid = notedPid(dataDir);
  if (pid !== undefined && !isPostgres(pid)) rmSync(noteOf(dataDir), { force: true });
}
