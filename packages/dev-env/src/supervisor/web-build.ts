import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, StartFailed, waitForLock } from "../home/index.ts";
import { killGroup, spawnLeashed } from "./leashed.ts";

const WEB = path.join(ROOT, "apps/web");
const STAMP = path.join(WEB, ".next/weald-stamp");
const LIMIT_MS = 10 * 60_000;
const SKIPPED = new Set(["node_modules", ".next", ".open-next", "cornerstone", "generated"]);

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name.localeCompare(b.name),
  )) {
    if (SKIPPED.has(entry.name)) continue;
    if (entry.name === "next-env.d.ts" || /\.test\.tsx?$/.test(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(file);
    else yield file;
  }
}

/** Everything that goes into the portal's build: its own sources, the packages that it transpiles, the lockfile. */
function sourcesHash(): string {
  const hash = createHash("sha256");
  const folders = [
    "apps/web",
    "packages/core/src",
    "packages/dicom/src",
    "packages/db/src",
    "packages/db/prisma",
  ];
  for (const folder of [...folders, "packages/adapters/src"])
    for (const file of filesIn(path.join(ROOT, folder)))
      hash.update(path.relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  hash.update(readFileSync(path.join(ROOT, "pnpm-lock.yaml"))).update(process.version);
  return hash.digest("hex");
}

function run(args: readonly string[], write: (line: string) => void, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawnLeashed(args, {
      cwd: WEB,
      write,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", CI: "1" },
    });
    const end = () => killGroup(child);
    const late = setTimeout(end, LIMIT_MS);
    signal.addEventListener("abort", end);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(late);
      signal.removeEventListener("abort", end);
      resolve(code ?? 1);
    });
  });
}

const isBuilt = (wanted: string) => existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted;

const notBuilt = () =>
  new StartFailed("PORTAL_NOT_BUILT", "The portal could not be built. See web-build.log in the log folder.");

async function build(wanted: string, write: (line: string) => void, signal: AbortSignal): Promise<void> {
  // A build that is broken off must not pass for the one before it.
  for (const mark of [STAMP, path.join(WEB, ".next/BUILD_ID")]) rmSync(mark, { force: true });
  const steps = [
    ["tools/build-compute-worker.mjs"],
    [path.join(WEB, "node_modules/next/dist/bin/next"), "build"],
  ];
  for (const args of steps) {
    const code = await run(args, write, signal);
    signal.throwIfAborted();
    if (code !== 0) throw notBuilt();
  }
  // A build whose workers died may end without a word.
  if (!existsSync(path.join(WEB, ".next/BUILD_ID"))) throw notBuilt();
  writeFileSync(STAMP, wanted);
}

/**
 * The production build of the portal, made again only when what goes into it has changed. Two regions of one checkout
 * share it: the second waits for the first's.
 *
 * @throws {StartFailed} `PORTAL_NOT_BUILT`
 */
export async function buildWeb(write: (line: string) => void, signal: AbortSignal): Promise<"made" | "kept"> {
  const wanted = sourcesHash();
  if (isBuilt(wanted)) return "kept";
  const unlock = await waitForLock(path.join(WEB, "node_modules/.weald-build.lock"), signal);
  try {
    if (isBuilt(wanted)) return "kept";
    await build(wanted, write, signal);
    return "made";
  } finally {
    unlock();
  }
}
