import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Runs a function's handler with an event, as Lambda would: time limit, memory limit, a process that stays warm. */
export interface FunctionHost {
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** One whose function has a process of its own. */
export interface ProcessHost extends FunctionHost {
  pid(): number | undefined;
}

export type FunctionSpec = { id: string; handler: string; timeoutSeconds: number; memoryMb: number };

export class FunctionFailed extends Error {
  readonly code: "TIMED_OUT" | "DIED" | "THREW";
  constructor(code: "TIMED_OUT" | "DIED" | "THREW", message: string) {
    super(message);
    this.code = code;
  }
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const worker = fileURLToPath(new URL("./function-worker.mjs", import.meta.url));

const split = (handler: string) => {
  const at = handler.lastIndexOf(".");
  return { file: path.join(root, `${handler.slice(0, at)}.ts`), name: handler.slice(at + 1) };
};

const REQUIRE =
  "import { createRequire as localRequire } from 'node:module'; const require = localRequire(import.meta.url);";

/** Bundles a handler as the stack's evaluation does. */
async function bundle(spec: FunctionSpec, into: string): Promise<string> {
  mkdirSync(into, { recursive: true });
  const outfile = path.join(into, `${spec.id}.mjs`);
  await build({
    entryPoints: [split(spec.handler).file],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2023",
    mainFields: ["module", "main"],
    external: ["pg-native"],
    keepNames: true,
    logLevel: "silent",
    banner: { js: REQUIRE },
    outfile,
  });
  return outfile;
}

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
type Answer = { id: string; result?: unknown; error?: string };

export type ChildHostOptions = {
  bundles: string;
  environment: Record<string, string>;
  onLine: (line: string) => void;
};

/** A child process for each function, started at its first event and again after it died. */
export function childHost(spec: FunctionSpec, options: ChildHostOptions): ProcessHost {
  let child: ChildProcess | undefined;
  let starting: Promise<ChildProcess> | undefined;
  let bundled: Promise<string> | undefined;
  const waiting = new Map<string, Waiting>();

  function settle({ id, result, error }: Answer): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(result);
    else one?.reject(new FunctionFailed("THREW", error));
  }

  function lost(): void {
    child = undefined;
    for (const one of waiting.values()) one.reject(new FunctionFailed("DIED", `${spec.id} died`));
    waiting.clear();
  }

  async function start(): Promise<ChildProcess> {
    bundled ??= bundle(spec, options.bundles);
    const file = await bundled;
    const started = fork(worker, [file, split(spec.handler).name], {
      env: { ...options.environment, PATH: process.env.PATH ?? "", TZ: "UTC" },
      execArgv: [`--max-old-space-size=${spec.memoryMb}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "json",
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream
        ?.setEncoding("utf8")
        .on("data", (text: string) => text.split("\n").filter(Boolean).forEach(options.onLine));
    }
    started.on("message", (message) => settle(message as Answer));
    started.once("exit", () => {
      if (child === started) lost();
    });
    // A message to one that is dying: its exit says the rest.
    started.on("error", () => {});
    child = started;
    return started;
  }

  /** Two events at once start one process. */
  async function warm(): Promise<ChildProcess> {
    if (child) return child;
    starting ??= start().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  return {
    async invoke(event) {
      const running = await warm();
      const id = randomUUID();
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      const timer = setTimeout(() => {
        waiting
          .get(id)
          ?.reject(new FunctionFailed("TIMED_OUT", `${spec.id} ran over ${spec.timeoutSeconds} s`));
        waiting.delete(id);
        running.kill("SIGKILL");
      }, spec.timeoutSeconds * 1000);
      running.send({ id, event });
      return answer.finally(() => clearTimeout(timer));
    },
    pid: () => child?.pid,
    async stop() {
      const last = child;
      if (!last) return;
      const ended = new Promise((resolve) => last.once("exit", resolve));
      last.kill("SIGTERM");
      await ended;
    },
  };
}

type Handler = (event: unknown, context: { awsRequestId: string }) => Promise<unknown>;

/** In this process: for tests, which can follow the handler with a debugger. */
export function inProcessHost(spec: FunctionSpec): FunctionHost {
  const { file, name } = split(spec.handler);
  return {
    async invoke(event) {
      const module: Record<string, Handler> = await import(file);
      const handler = module[name];
      if (!handler) throw new FunctionFailed("THREW", `${spec.handler} is not there`);
      // As Lambda hands them over: through JSON.
      const result = await handler(JSON.parse(JSON.stringify(event)), { awsRequestId: randomUUID() });
      return result === undefined ? undefined : JSON.parse(JSON.stringify(result));
    },
    stop: async () => {},
  };
}
