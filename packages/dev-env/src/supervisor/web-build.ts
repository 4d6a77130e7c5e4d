import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./home.ts";
import { StartFailed } from "./start-failed.ts";

const WEB = path.join(ROOT, "apps/web");
const STAMP = path.join(WEB, ".next/weald-stamp");
const LIMIT_MS = 10 * 60_000;
const SKIPPED = new Set(["node_modules", ".next", ".open-next", "cornerstone", "generated"]);

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name.localeCompare(b.name),
  )) {
    if (SKIPPED.has(entry.name) || entry.name.endsWith(".test.ts")) continue;
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

function run(command: string, args: readonly string[], write: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: WEB,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", CI: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    for (const stream of [child.stdout, child.stderr])
      stream
        .setEncoding("utf8")
        .on("data", (text: string) => text.split("\n").filter(Boolean).forEach(write));
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * The production build of the portal, made again only when what goes into it has changed.
 *
 * @throws {StartFailed} `PORTAL_NOT_BUILT`
 */
export async function buildWeb(write: (line: string) => void): Promise<"made" | "kept"> {
  const wanted = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return "kept";
  const steps: [string, string[]][] = [
    [process.execPath, ["tools/build-compute-worker.mjs"]],
    [process.execPath, [path.join(WEB, "node_modules/next/dist/bin/next"), "build"]],
  ];
  for (const [command, args] of steps)
    if ((await run(command, args, write)) !== 0)
      throw new StartFailed(
        "PORTAL_NOT_BUILT",
        "The portal could not be built. See web-build.log in the log folder.",
      );
  writeFileSync(STAMP, wanted);
  return "made";
}
