import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "./graph.ts";
import type { Handlers } from "./platform-server.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const QUIET = {
  SST_SKIP_DEPENDENCY_CHECK: "1",
  SST_NO_BUN: "1",
  SST_TELEMETRY_DISABLED: "1",
  AWS_EC2_METADATA_DISABLED: "true",
};
const SECRETS = {
  SST_SECRET_StorageIdSecret: "x",
  SST_SECRET_DatabasePassword: "x",
  SST_SECRET_PortalPrivateJwk: "x",
  SST_SECRET_SessionSecret: "x",
  SST_SECRET_NotifyApiKey: "x",
  SST_SECRETS: "{}",
};

const installedMark = path.join(root, ".sst/installed-for-weald");
const lockfile = () =>
  createHash("sha256")
    .update(readFileSync(path.join(root, "sst.config.ts")))
    .update(readFileSync(path.join(root, "pnpm-workspace.yaml")))
    .digest("hex");

/** The real component sources and providers' types, from npm: 40 s the first time, kept in `.sst/`. */
export function installSst(): void {
  // Only an install that came to its end counts; another version of SST or of a provider is another install.
  if (existsSync(installedMark) && readFileSync(installedMark, "utf8") === lockfile()) return;
  process.stdout.write("Installing SST's platform from npm (about 40 s, once) …\n");
  execFileSync("npx", ["--no-install", "sst", "install", "--stage", "ci"], {
    cwd: root,
    env: { ...process.env, ...QUIET },
    stdio: "pipe",
    timeout: 300_000,
  });
  writeFileSync(installedMark, lockfile());
}

/**
 * The graph of a stage.
 *
 * @param of - this repository, or a copy of it with a planted mistake
 * @param handlers - bundled for real, which takes most of the time; else only looked up
 */
export function evaluated(stage: string, of: string = root, handlers: Handlers = "named"): Graph {
  installSst();
  const folder = mkdtempSync(path.join(tmpdir(), "weald-infra-"));
  const out = path.join(
    folder,
    `${createHash("sha256")
      .update(of + stage)
      .digest("hex")
      .slice(0, 8)}.json`,
  );
  try {
    execFileSync(
      process.execPath,
      ["--import", "tsx", path.join(root, "tests/infra/evaluate-cli.ts"), of, stage, out, handlers],
      {
        cwd: root,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          ...QUIET,
          ...SECRETS,
          WEALD_WEB_PATH: "tests/infra/fixture-web",
        },
        stdio: "pipe",
        timeout: 300_000,
      },
    );
    return JSON.parse(readFileSync(out, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
