import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STARTS_WITHIN_MS = 10 * 60_000;

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

/** Ports in a row that nobody uses, as many as a region has. Below those from which the system gives to whoever calls out. */
async function freeBasePort(): Promise<number> {
  for (let base = 21_000 + Math.floor(Math.random() * 1000) * 10; ; base += 10) {
    const free = await Promise.all(Array.from({ length: 10 }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

/**
 * A whole region as `npm start` makes it, in a folder of its own, for all journeys of the run. While journeys are written,
 * one that runs already may be given: WEALD_E2E_URL, WEALD_E2E_HOME and WEALD_E2E_PORT.
 */
export default async function startRegion(): Promise<() => Promise<void>> {
  if (process.env.WEALD_E2E_URL) return async () => {};
  const home = mkdtempSync(path.join(tmpdir(), "weald-e2e-"));
  const port = await freeBasePort();
  const env = { ...process.env, WEALD_HOME: home, WEALD_PORT: String(port) };
  const child = spawn(process.execPath, ["--import", "tsx", "packages/dev-env/src/cli/weald.ts", "start"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the region did not start in time")), STARTS_WITHIN_MS);
    void exited.then((code) => reject(new Error(`the region ended with ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!text.includes("Weald is ready")) return;
      clearTimeout(late);
      resolve();
    });
  });
  Object.assign(process.env, {
    WEALD_E2E_URL: `http://127.0.0.1:${port}`,
    WEALD_E2E_HOME: home,
    WEALD_E2E_PORT: String(port),
  });
  return async () => {
    child.kill("SIGTERM");
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
}
