import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { readManifest } from "@weald/dev-env/cloud";
import { build } from "esbuild";

const source = fileURLToPath(new URL("./object-gateway.ts", import.meta.url));
const folder = fileURLToPath(new URL("../../../node_modules/.cache/weald-crash/", import.meta.url));
const REQUIRE =
  "import { createRequire as localRequire } from 'node:module'; const require = localRequire(import.meta.url);";

/** One file, so that it is there again a moment after it died. */
async function bundled(): Promise<string> {
  const outfile = path.join(folder, `object-gateway-${process.pid}.mjs`);
  await build({
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    external: ["esbuild", "pg-native"],
    logLevel: "silent",
    banner: { js: REQUIRE },
    outfile,
  });
  return outfile;
}

export type GatewayProcess = {
  url(): string;
  pid(): number | undefined;
  deaths(): number;
  stop(): Promise<void>;
};

/** A gateway that is started again whenever it dies, as a supervisor does. `environment` is read at each start. */
export async function gatewayProcess(environment: Record<string, string>): Promise<GatewayProcess> {
  const program = await bundled();
  const manifest = JSON.stringify(readManifest());
  let child: ChildProcess | undefined;
  let url = "";
  let deaths = 0;
  let isStopped = false;

  async function start(): Promise<void> {
    const started = fork(program, [], {
      env: { ...environment, WEALD_TEST_MANIFEST: manifest, PATH: process.env.PATH ?? "" },
      execArgv: [],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    child = started;
    started.once("exit", () => {
      if (isStopped) return;
      deaths += 1;
      url = "";
      // Armed for one death only.
      delete environment.WEALD_CRASH_AT;
      void start();
    });
    if (!started.stdout) throw new Error("the gateway has no output");
    const [line] = await once(createInterface({ input: started.stdout }), "line");
    url = String(line);
  }

  await start();
  return {
    url: () => url,
    pid: () => (url === "" ? undefined : child?.pid),
    deaths: () => deaths,
    async stop() {
      isStopped = true;
      rmSync(program, { force: true });
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
