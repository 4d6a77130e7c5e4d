import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { installSst, root } from "./evaluated.ts";

/** A mistake in the stack's source: this text becomes that. */
export type Planted = { file: string; from: string; to: string };

/**
 * A copy of the stack with mistakes planted in it, for `evaluated`: the real sources otherwise, the real handlers. A text
 * that isn't there exactly once is an error, so that no mistake goes unplanted.
 */
export function withPlanted(planted: readonly Planted[]): { root: string; remove(): void } {
  installSst();
  const copy = mkdtempSync(path.join(tmpdir(), "weald-planted-"));
  copyFileSync(path.join(root, "sst.config.ts"), path.join(copy, "sst.config.ts"));
  cpSync(path.join(root, "infra"), path.join(copy, "infra"), { recursive: true });
  for (const shared of ["apps", "packages", "node_modules", "package.json", "tests"])
    symlinkSync(path.join(root, shared), path.join(copy, shared));
  mkdirSync(path.join(copy, ".sst"));
  for (const shared of ["platform", "provider-lock.json"])
    symlinkSync(path.join(root, ".sst", shared), path.join(copy, ".sst", shared));
  for (const { file, from, to } of planted) {
    const at = path.join(copy, file);
    const parts = readFileSync(at, "utf8").split(from);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} of: ${from}`);
    writeFileSync(at, parts.join(to));
  }
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}
