import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";

const NAME = "SHA256SUMS";

export class BackupSpoilt extends Error {
  readonly code = "BACKUP_SPOILT";
}

function* filesIn(root: string, folder = ""): Generator<string> {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, "en"))) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(root, relative);
    else if (relative !== NAME) yield relative;
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
  writeFileSync(path.join(root, NAME), `${lines.join("\n")}\n`);
  return lines.length;
}

/** @throws {BackupSpoilt} `BACKUP_SPOILT` for a file that is missing, altered, or was never part of it */
export async function checkSums(root: string): Promise<void> {
  let text: string;
  try {
    text = readFileSync(path.join(root, NAME), "utf8");
  } catch {
    throw new BackupSpoilt(`${root} is no finished backup: ${NAME} is missing.`);
  }
  const sums = new Map(
    text
      .trim()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const file of filesIn(root)) {
    if (sums.get(file) !== (await sha256Of(path.join(root, file))))
      throw new BackupSpoilt(`${file} is not as it was backed up. Nothing was restored.`);
    sums.delete(file);
  }
  const [missing] = sums.keys();
  if (missing !== undefined)
    throw new BackupSpoilt(`${missing} is missing from the backup. Nothing was restored.`);
}
