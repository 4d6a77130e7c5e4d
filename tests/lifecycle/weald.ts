import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
const STARTS_WITHIN_MS = 10 * 60_000;

export type Ran = { code: number; out: string; err: string };
export type Place = { home: string; port: number };

function spawnWeald({ home, port }: Place, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "packages/dev-env/src/cli/weald.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, WEALD_HOME: home, WEALD_PORT: String(port), INIT_CWD: ROOT },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function follow(child: ChildProcess, onOut: (out: string) => void = () => {}): Promise<Ran> {
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    onOut(out);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => {
    child.once("close", (code, signal) =>
      resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 143), out, err }),
    );
  });
}

/** One command of `package.json`, as a process of its own, to its end. */
export const weald = (place: Place, ...args: string[]): Promise<Ran> => follow(spawnWeald(place, args));

export type Began = { pid: number; ended: Promise<Ran>; kill(signal: NodeJS.Signals): void };

/** A command that goes on while the test does something else, from the moment that it has printed `sign`. */
export async function begin(place: Place, args: readonly string[], sign: string): Promise<Began> {
  const child = spawnWeald(place, args);
  let seen: () => void = () => {};
  const shown = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const ended = follow(child, (out) => out.includes(sign) && seen());
  const late = AbortSignal.timeout(STARTS_WITHIN_MS);
  await Promise.race([
    shown,
    new Promise((_resolve, reject) => late.addEventListener("abort", () => reject(new Error("too late")))),
    ended.then(({ code, out, err }) => {
      if (!out.includes(sign)) throw new Error(`weald ${args.join(" ")} ended with ${code}: ${out}${err}`);
    }),
  ]);
  return { pid: child.pid ?? 0, ended, kill: (signal) => void child.kill(signal) };
}

export const start = (place: Place, ...args: string[]): Promise<Began> =>
  begin(place, ["start", ...args], "Weald is ready");

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

/** Ports in a row that nobody uses, as many as a region has. Below those from which the system gives to whoever calls out. */
export async function freeBasePort(): Promise<number> {
  for (let base = 10_000 + Math.floor(Math.random() * 1000) * 10; ; base += 10) {
    const free = await Promise.all(Array.from({ length: 10 }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

/** Of a running region, as an outside tool asks it. */
export function askAs(port: number, token: string) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const base = `http://127.0.0.1:${port}/api/trpc`;
  return {
    status: async (procedure: string): Promise<number> =>
      (await fetch(`${base}/${procedure}?input=%7B%7D`, { headers })).status,
    async query(procedure: string, input: unknown): Promise<unknown> {
      const answer = await fetch(`${base}/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`, {
        headers,
      });
      const { result } = (await answer.json()) as { result: { data: unknown } };
      return result.data;
    },
    async mutate(procedure: string, input: unknown): Promise<unknown> {
      const body = JSON.stringify(input);
      const answer = await fetch(`${base}/${procedure}`, { method: "POST", headers, body });
      const { result } = (await answer.json()) as { result: { data: unknown } };
      return result.data;
    },
  };
}
