import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ROOT, StartFailed } from "../home/index.ts";
import { killGroup, spawnLeashed } from "./leashed.ts";

const WEB = path.join(ROOT, "apps/web");
const STARTS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 8000;

export type Portal = { stop(): Promise<void>; exited: Promise<number> };

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/sign-in`, { redirect: "manual" })).status < 500;
  } catch {
    return false;
  }
}

async function untilUp(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + STARTS_WITHIN_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await isUp(url)) return;
    await wait(150);
  }
  throw new StartFailed("PORTAL_NOT_STARTED", "The portal did not start. See portal.log in the log folder.");
}

/** The production build of the portal, as a process of its own. */
export async function startPortal(options: {
  port: number;
  environment: Record<string, string>;
  write: (line: string) => void;
}): Promise<Portal> {
  const { port, environment, write } = options;
  const next = path.join(WEB, "node_modules/next/dist/bin/next");
  const child = spawnLeashed([next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: WEB,
    write,
    env: {
      ...environment,
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      TZ: "UTC",
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
    },
  });
  const exited = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    const forced = setTimeout(() => killGroup(child), STOPS_WITHIN_MS);
    await exited;
    clearTimeout(forced);
  }
  try {
    await untilUp(`http://127.0.0.1:${port}`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { exited, stop };
}
