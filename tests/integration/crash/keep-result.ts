import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../bench/soak/", import.meta.url));

/** What a long form of a test came to, with the day and the machine. */
export function keepResult(name: string, result: Record<string, unknown>): void {
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
  const at = new Date().toISOString();
  mkdirSync(FOLDER, { recursive: true });
  const file = path.join(FOLDER, `${name}-${at.slice(0, 10)}.json`);
  writeFileSync(file, `${JSON.stringify({ at, machine, ...result }, null, 2)}\n`);
}
