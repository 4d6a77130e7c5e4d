import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../../node_modules/.cache/ceph/", import.meta.url));
const WANTED = ["radosgw", "ceph-mon", "ceph-osd", "ceph-base", "ceph-common"];

async function output(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await run(program, [...args], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
    env: { ...process.env, LC_ALL: "C" },
    ...(cwd ? { cwd } : {}),
  });
  return stdout;
}

/** What of the packages and of all that they need isn't installed here. Nothing is installed by asking. */
async function missingPackages(): Promise<string[]> {
  const plan = await output("apt-get", ["install", "--simulate", "--no-install-recommends", ...WANTED]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => (name ? [name] : []));
}

async function unpack(into: string): Promise<void> {
  const debs = path.join(into, "debs");
  const root = path.join(into, "root");
  mkdirSync(debs);
  mkdirSync(root);
  await output("apt-get", ["download", ...(await missingPackages())], debs);
  for (const deb of readdirSync(debs)) await output("dpkg-deb", ["-x", path.join(debs, deb), root]);
  rmSync(debs, { recursive: true });
}

const programsIn = (root: string) => path.join(root, "usr/bin/radosgw");

/**
 * Ceph from Debian's packages, unpacked below node_modules/.cache and never installed: the folder that stands for `/`.
 * `undefined` where this machine has no such packages.
 */
export async function unpackedCeph(): Promise<string | undefined> {
  const kept = path.join(cache, "root");
  if (existsSync(programsIn(kept))) return kept;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(path.join(cache, "fresh-"));
  try {
    await unpack(fresh);
    // Two test files may do this at once: the first rename wins, and the other's is as good.
    if (!existsSync(kept)) renameSync(path.join(fresh, "root"), kept);
  } catch (error) {
    if (!existsSync(programsIn(kept))) {
      const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
      process.stdout.write(`Ceph's packages can't be had from Debian here: ${why}\n`);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return existsSync(programsIn(kept)) ? kept : undefined;
}
