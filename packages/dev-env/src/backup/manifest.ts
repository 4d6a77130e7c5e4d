import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";

export const SUMS = "SHA256SUMS";

export class BackupSpoilt extends Error {
  readonly code = "BACKUP_SPOILT";
}

/** Every file below a folder, but for the sums themselves, relative to it. */
export function* filesIn(root: string, folder = ""): Generator<string> {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, "en"))) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(root, relative);
    else if (relative !== SUMS) yield relative;
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** A sum for every file, as `sha256sum -c` reads it. The last thing that a backup writes: without it there is no backup. */
export async function writeSums(root: string): Promise<number> {
  const lines: string[] = [];
  for (const file of filesIn(root)) lines.push(`${await sha256Of(path.join(root, file))}  ${file}`);
  writeFileSync(path.join(root, SUMS), `${lines.join("\n")}\n`, { mode: 0o600 });
  return lines.length;
}

function readSums(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new BackupSpoilt(
      `${path.dirname(file)} is no finished backup: ${SUMS} is missing. Nothing was restored.`,
    );
  }
  const lines = text.trimEnd().split("\n");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

/**
 * @returns How many files there are.
 * @throws {BackupSpoilt} `BACKUP_SPOILT` for a file that is missing, altered, or was never part of it
 */
export async function checkSums(root: string): Promise<number> {
  const sums = readSums(path.join(root, SUMS));
  const files = sums.size;
  for (const file of filesIn(root)) {
    if (sums.get(file) !== (await sha256Of(path.join(root, file))))
      throw new BackupSpoilt(
        `${file} is not as it was backed up. Nothing was restored; take another backup.`,
      );
    sums.delete(file);
  }
  const [missing] = sums.keys();
  if (missing !== undefined)
    throw new BackupSpoilt(
      `${missing} is missing from the backup. Nothing was restored; take another backup.`,
    );
  return files;
}
