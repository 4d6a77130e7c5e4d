import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Answer, Job } from "./job.ts";
import { PixelsUnreadable } from "./pixels-unreadable.ts";

const MOST_WORKERS = 2;
const LIMIT_MS = 20_000;
const MOST_HEAP_MB = 512;

type Asked = Omit<Job, "id">;
type Waiting = { job: Asked; resolve(bytes: Uint8Array): void; reject(error: Error): void };
type Running = { worker: Worker; current: Waiting | undefined; timer: NodeJS.Timeout | undefined };

/** Beside the bundle of a deployed function; the local region says where it has built it. */
const decoderFile = () =>
  process.env.WEALD_DECODER ?? path.join(process.env.LAMBDA_TASK_ROOT ?? "", "decoder.cjs");

const waiting: Waiting[] = [];
const running: Running[] = [];

function dismiss(one: Running, error: Error): void {
  const at = running.indexOf(one);
  if (at >= 0) running.splice(at, 1);
  clearTimeout(one.timer);
  one.current?.reject(error);
  one.current = undefined;
  void one.worker.terminate();
  next();
}

function finish(one: Running, answer: Answer): void {
  const { current } = one;
  clearTimeout(one.timer);
  one.current = undefined;
  // An idle thread keeps no process alive.
  one.worker.unref();
  if ("failed" in answer) current?.reject(new PixelsUnreadable(answer.failed, answer.stays));
  else current?.resolve(answer.bytes);
  next();
}

function hire(): Running {
  const worker = new Worker(decoderFile(), {
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    stdout: true,
    stderr: true,
  });
  const one: Running = { worker, current: undefined, timer: undefined };
  worker.on("message", (answer: Answer) => finish(one, answer));
  worker.on("error", () => dismiss(one, new PixelsUnreadable("the decoder died")));
  worker.on("exit", () => dismiss(one, new PixelsUnreadable("the decoder died")));
  running.push(one);
  return one;
}

function next(): void {
  if (waiting.length === 0) return;
  const one = running.find(({ current }) => !current) ?? (running.length < MOST_WORKERS ? hire() : undefined);
  const wanted = one && waiting.shift();
  if (!one || !wanted) return;
  one.current = wanted;
  one.timer = setTimeout(() => dismiss(one, new PixelsUnreadable("the decoder took too long")), LIMIT_MS);
  one.worker.ref();
  one.worker.postMessage({ id: 0, ...wanted.job } satisfies Job);
}

/**
 * Unpacks, draws or packs one frame in a thread with limits of memory and time. A codec that dies takes its thread along, nothing else.
 *
 * @throws {PixelsUnreadable}
 */
export const runJob = (job: Asked): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    waiting.push({ job, resolve, reject });
    next();
  });
