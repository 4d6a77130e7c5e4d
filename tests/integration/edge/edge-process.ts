import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { buildGateway } from "@weald/edge/build";
import { ROOT } from "../../runner/run-command.ts";

export const CALLED = "WEALD";
const WITHIN_MS = 120_000;

export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await isSo()); await wait(25))
    if (Date.now() > end) throw new Error(`not within ${WITHIN_MS / 1000} s: ${what}`);
}

export type EdgeProcess = {
  home: string;
  dimsePort(): number;
  /** Where the configuration has HL7. */
  mllpPort(): number;
  httpUrl(): string;
  pid(): number | undefined;
  lines: string[];
  metric(name: string): Promise<number>;
  /** Everything that was taken in is settled. */
  settled(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

let built: Promise<string> | undefined;

/** The one file that runs in a trust, built once a test file. */
export function bundle(): Promise<string> {
  const folder = path.join(ROOT, "node_modules/.cache/weald-edge");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `weald-edge-${process.pid}.mjs`);
  built ??= buildGateway(file).then(() => file);
  process.once("exit", () => rmSync(file, { force: true }));
  return built;
}

export type EdgeOptions = {
  regionUrl: string;
  /** Over the configuration of every test. */
  config?: Record<string, unknown>;
};

export async function edgeProcess({ regionUrl, config = {} }: EdgeOptions): Promise<EdgeProcess> {
  const program = await bundle();
  const home = mkdtempSync(path.join(tmpdir(), "weald-edge-"));
  const file = path.join(home, "config.json");
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  let ports: { dimse: number; mllp: number | undefined; http: number } | undefined;

  // The ports of the first start are kept: a modality finds its gateway again.
  const write = () =>
    writeFileSync(
      file,
      JSON.stringify({
        trust: "RXC",
        home,
        region: {
          portalUrl: regionUrl,
          issuer: regionUrl,
          clientId: "gateway-RXC",
          clientSecret: "secret of gateway-RXC",
        },
        applicationEntities: [{ title: "CT1" }, { title: "MR1" }],
        leastFreeBytes: 1,
        forward: { atOnce: 4, longestWaitSeconds: 0.5 },
        ...config,
        http: { port: ports?.http ?? 0 },
        ...(config.hl7
          ? { hl7: { host: "127.0.0.1", ...(config.hl7 as object), port: ports?.mllp ?? 0 } }
          : {}),
        dimse: {
          host: "127.0.0.1",
          calledTitles: [CALLED],
          ...(config.dimse as object),
          port: ports?.dimse ?? 0,
        },
      }),
    );

  async function start(): Promise<void> {
    write();
    const started = spawn(process.execPath, [program], {
      env: { PATH: process.env.PATH, WEALD_EDGE_CONFIG: file },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    started.stderr?.on("data", (text: Buffer) => lines.push(text.toString()));
    const output = createInterface({ input: started.stdout as NodeJS.ReadableStream });
    output.on("line", (line) => lines.push(line));
    for await (const line of output) {
      const said = JSON.parse(line);
      if (said.event !== "gateway.started") continue;
      ports = { dimse: said.dimse, mllp: said.mllp, http: said.http };
      return;
    }
    throw new Error(`the gateway did not start: ${lines.join("\n")}`);
  }

  async function kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  const httpUrl = () => `http://127.0.0.1:${ports?.http}`;
  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${httpUrl()}/metrics`)).text();
    const values = text
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return values.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  }
  await start();
  return {
    home,
    lines,
    dimsePort: () => ports?.dimse ?? 0,
    mllpPort: () => ports?.mllp ?? 0,
    httpUrl,
    pid: () => child?.pid,
    metric,
    settled: () =>
      // Each by itself: a miscount of one must not hide what stands in the other.
      until("the region settles what the gateway took in", async () => {
        return (await metric("weald_edge_waiting")) === 0 && (await metric("weald_edge_sent")) === 0;
      }),
    kill,
    start,
    async stop() {
      await kill("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}
