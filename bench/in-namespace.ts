import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Runs one of our programs in a network namespace that has nothing but its own loopback.
 *
 * @param program - beside this file; it writes JSON to the file that its first argument names
 */
export async function inNamespace(program: string): Promise<unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-"));
  const out = path.join(folder, "lines.json");
  const run = `ip link set lo up && exec "${process.execPath}" --import tsx "${path.join(import.meta.dirname, program)}" "${out}"`;
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
