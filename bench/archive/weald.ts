import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { secretsAt } from "@weald/dev-env/home";
import { keysAt, systemToken } from "@weald/dev-env/identity";
import { fillWithStudies } from "@weald/tests/fixtures/many-studies.ts";
import { type Peer, postmasterOf } from "./peer.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STARTS_WITHIN_MS = 1_200_000;
const SETTLES_WITHIN_MS = 600_000;
const TRUST = "RXC";

/** The whole product as a newcomer starts it, empty: portal, functions, database, object store and gateway, all durable. */
export async function startWeald(
  basePort: number,
): Promise<Peer & { fill(from: number, to: number): Promise<number> }> {
  const home = mkdtempSync(path.join(tmpdir(), "weald-bench-home-"));
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "packages/dev-env/src/cli/weald.ts", "start", "--empty"],
    {
      cwd: ROOT,
      env: { ...process.env, WEALD_HOME: home, WEALD_PORT: String(basePort) },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  async function stop(): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null) {
      process.kill(-(child.pid ?? 0), "SIGTERM");
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  }
  const end = Date.now() + STARTS_WITHIN_MS;
  while (!said.includes("Weald is ready")) {
    if (Date.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error(`Weald did not start: ${said.slice(-2000)}`);
    }
    await wait(200);
  }
  const portalUrl = `http://127.0.0.1:${basePort}`;
  const issuer = `http://127.0.0.1:${basePort + 2}`;
  const secret = (await keysAt(home)).systemSecrets[TRUST] ?? "";
  const ownerUrl = `postgresql://postgres:${secretsAt(home).postgresPassword}@127.0.0.1:${basePort + 3}/weald`;
  const token = await systemToken({ issuer, portalUrl, odsCode: TRUST, secret });
  return {
    name: "Weald",
    /** Rows of the index by SQL: no object hangs on them. */
    async fill(from, to) {
      const studies = to - from;
      await fillWithStudies(
        { environment: { WEALD_QUEUE_URL: ownerUrl } },
        { studies, patients: Math.ceil(studies / 2.5), from },
      );
      return to;
    },
    dicomweb: `http://127.0.0.1:${basePort + 4}/dicomweb`,
    headers: { authorization: `Bearer ${token}` },
    dimse: { aeTitle: "WEALD", port: basePort + 5 },
    settled: () => settled(`http://127.0.0.1:${basePort + 7}`),
    pids: [child.pid ?? 0, await postmasterOf(ownerUrl)],
    stop,
  };
}

/** Until the gateway holds nothing that the region hasn't settled. */
async function settled(gateway: string): Promise<void> {
  const end = Date.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const text = await fetch(`${gateway}/metrics`).then((answer) => answer.text());
    const waiting = [...text.matchAll(/^weald_edge_waiting(?:\{[^}]*\})? (\d+)/gm)];
    if (waiting.length === 0) throw new Error("the gateway's metrics say nothing of what waits");
    if (waiting.every(([, count]) => Number(count) === 0)) return;
    if (Date.now() > end) throw new Error("the gateway still waits");
    await wait(20);
  }
}
