import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Weald and Debian's Orthanc, with SQLite and with PostgreSQL, one after the other on this machine, by the same requests. In
 * a network namespace of its own, as Orthanc listens on every address: needs root and `unshare`.
 */
export async function archive(): Promise<unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-archive-"));
  const out = path.join(folder, "lines.json");
  const run = `ip link set lo up && exec "${process.execPath}" --import tsx "${path.join(import.meta.dirname, "archive/main.ts")}" "${out}"`;
  try {
    const child = spawn("unshare", ["-n", "sh", "-c", run], {
      cwd: path.resolve(import.meta.dirname, ".."),
      stdio: ["ignore", "inherit", "inherit"],
    });
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`the measurement ended with ${code}`);
    return JSON.parse(readFileSync(out, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
