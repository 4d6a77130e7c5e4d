import "./awslambda.mjs";
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Bundles, handlerAt } from "./bundles.ts";

/** Runs a function's handler with an event, as Lambda would: time limit, memory limit, a process that stays warm. */
export interface FunctionHost {
  /** An event of a queue or a timer, one after the other; with `isRequest` beside all others, as a caller waits. */
  invoke(event: unknown, how?: { isRequest: boolean }): Promise<unknown>;
  /** What a streaming handler writes: metadata, eight zero bytes, body. Ends with an error where the handler threw. */
  stream(event: unknown): Promise<Readable>;
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

const worker = fileURLToPath(new URL("./function-worker.mjs", import.meta.url));

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
type Answer = { id: string; json?: string; error?: string };

/**
 * As Lambda hands an event over: through JSON. A body goes beside it as it is, since to write and read megabytes of base64 as
 * JSON costs more than most functions do.
 */
function packed(event: unknown): { json: string; body?: string } {
  if (!(event instanceof Object) || !("body" in event) || typeof event.body !== "string")
    return { json: JSON.stringify(event) };
  const { body, ...rest } = event;
  return { json: JSON.stringify(rest), body };
}

export type ChildHostOptions = {
  bundles: Bundles;
  environment: Record<string, string>;
  onLine: (line: string) => void;
};

/** A child process for each function, started at its first event and again after it died. */
export function childHost(spec: FunctionSpec, options: ChildHostOptions): ProcessHost {
  let child: ChildProcess | undefined;
  let starting: Promise<ChildProcess> | undefined;
  const waiting = new Map<string, Waiting>();

  function settle({ id, json, error }: Answer): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(JSON.parse(json ?? "null"));
    else one?.reject(new FunctionFailed("THREW", error));
  }

  function lost(): void {
    child = undefined;
    for (const one of waiting.values()) one.reject(new FunctionFailed("DIED", `${spec.id} died`));
    waiting.clear();
  }

  async function start(): Promise<ChildProcess> {
    const file = await options.bundles.of(spec.id);
    const started = fork(worker, [file, handlerAt(spec.handler).name], {
      env: { ...options.environment, PATH: process.env.PATH ?? "", TZ: "UTC" },
      execArgv: [`--max-old-space-size=${spec.memoryMb}`],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
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

  /** A socket on which the process connects to say what it has to say. */
  async function listenForOne(): Promise<{ socketPath: string; connected: Promise<Socket> }> {
    const socketPath = path.join(tmpdir(), `weald-${randomUUID()}.sock`);
    const server = createServer();
    const connected = new Promise<Socket>((resolve) =>
      server.once("connection", (socket) => {
        server.close();
        rmSync(socketPath, { force: true });
        resolve(socket);
      }),
    );
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return { socketPath, connected };
  }

  return {
    async stream(event) {
      const running = await warm();
      const { socketPath, connected } = await listenForOne();
      const id = randomUUID();
      const failed = new Promise<never>((_resolve, reject) => waiting.set(id, { resolve: () => {}, reject }));
      running.send({ id, ...packed(event), socketPath });
      const out = await Promise.race([connected, failed]);
      const timer = setTimeout(
        () => out.destroy(new FunctionFailed("TIMED_OUT", `${spec.id} ran over ${spec.timeoutSeconds} s`)),
        spec.timeoutSeconds * 1000,
      );
      out.once("close", () => clearTimeout(timer));
      failed.catch((error: Error) => out.destroy(error));
      return out;
    },
    async invoke(event, how) {
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
      running.send({ id, ...packed(event), isRequest: how?.isRequest ?? false });
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

type Context = { awsRequestId: string };
type Handler = (event: unknown, context: Context) => Promise<unknown>;
type StreamHandler = (event: unknown, out: PassThrough, context: Context) => Promise<unknown>;

/** In this process: for tests, which can follow the handler with a debugger. */
export function inProcessHost(spec: FunctionSpec): FunctionHost {
  const { file, name } = handlerAt(spec.handler);
  async function loaded<H>(): Promise<H> {
    const module: Record<string, H> = await import(file);
    const handler = module[name];
    if (!handler) throw new FunctionFailed("THREW", `${spec.handler} is not there`);
    return handler;
  }
  // As Lambda hands them over: through JSON.
  const throughJson = (value: unknown) =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  return {
    async invoke(event) {
      const handler = await loaded<Handler>();
      return throughJson(await handler(throughJson(event), { awsRequestId: randomUUID() }));
    },
    async stream(event) {
      const handler = await loaded<StreamHandler>();
      const out = new PassThrough();
      handler(throughJson(event), out, { awsRequestId: randomUUID() }).catch((error: unknown) =>
        out.destroy(error instanceof Error ? error : new Error("a value that is no error")),
      );
      return out;
    },
    stop: async () => {},
  };
}
