import { setTimeout as wait } from "node:timers/promises";
import type { FileOutcome, SendingApi, SignedFile } from "./api.ts";
import type { Source } from "./sources.ts";

export type SentFile = {
  file: string;
  /** `undefined`: no outcome before the time limit, or its bytes could not be put. */
  outcome: FileOutcome["outcome"] | undefined;
  code?: string | undefined;
  message?: string | undefined;
};

export type SendOptions = {
  api: SendingApi;
  /** Ends when so long nothing has moved. */
  timeoutMs: number;
  /** Asks for outcomes so often. */
  pollMs?: number;
  onResult?(result: SentFile): void;
  onProgress?(progress: { put: number; settled: number }): void;
  /** For a region that is drained by hand. */
  beforePoll?(): Promise<void>;
};

const BATCH = 100;
const AT_ONCE = 6;
const ASK_MOST = 500;
const TRIES = 3;

type Waiting = { signed: SignedFile; source: Source };

async function putOnce({ signed, source }: Waiting): Promise<void> {
  const request: RequestInit & { duplex: "half" } = {
    method: "PUT",
    headers: { ...signed.put.headers, "content-length": String(source.sizeBytes) },
    // Node's types and the browser's name the same thing otherwise.
    body: (await source.read()) as NonNullable<RequestInit["body"]>,
    duplex: "half",
  };
  const answer = await fetch(signed.put.url, request);
  // 412: an earlier try had arrived after all. Keys are written once.
  if (!answer.ok && answer.status !== 412) throw new Error(`the object store answered ${answer.status}`);
}

async function put(waiting: Waiting): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putOnce(waiting);
    } catch (error) {
      if (attempt === TRIES) throw error;
      await wait(300 * attempt);
    }
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

async function* batches(sources: AsyncIterable<Source> | Iterable<Source>): AsyncGenerator<Source[]> {
  let batch: Source[] = [];
  for await (const source of sources) {
    batch.push(source);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Sends by signed PUT into the inbox and waits until every file has an outcome. What is no DICOM and no HL7 v2 is skipped
 * here, with a word. The sender's word that it has finished lets series settle at once.
 */
export async function sendSources(
  sources: AsyncIterable<Source> | Iterable<Source>,
  options: SendOptions,
): Promise<SentFile[]> {
  const { api, timeoutMs, pollMs = 300 } = options;
  const results: SentFile[] = [];
  const waiting = new Map<string, Waiting>();
  let putCount = 0;
  let lastMove = Date.now();

  function settle(result: SentFile): void {
    results.push(result);
    lastMove = Date.now();
    options.onResult?.(result);
    options.onProgress?.({ put: putCount, settled: results.length });
  }

  async function poll(uploadId: string): Promise<void> {
    await options.beforePoll?.();
    const ids = [...waiting.keys()];
    for (let from = 0; from < ids.length; from += ASK_MOST) {
      for (const outcome of await api.readOutcomes(uploadId, ids.slice(from, from + ASK_MOST))) {
        const one = waiting.get(outcome.itemId);
        if (!one) continue;
        waiting.delete(outcome.itemId);
        const { code, message } = outcome;
        settle({ file: one.source.name, outcome: outcome.outcome, code, message });
      }
    }
  }

  const { uploadId } = await api.beginUpload();
  for await (const batch of batches(sources)) {
    const wanted = batch.filter((source) => source.kind !== "other");
    for (const source of batch)
      if (source.kind === "other")
        settle({
          file: source.name,
          outcome: "skipped",
          code: "NOT_DICOM",
          message: "This is neither DICOM nor HL7 v2.",
        });
    if (wanted.length === 0) continue;
    const files = wanted.map(({ sizeBytes, kind }, index) => ({
      ref: String(index),
      sizeBytes,
      kind: kind === "hl7" ? ("hl7" as const) : ("dicom" as const),
    }));
    const signed = await api.signItems(uploadId, files);
    const pairs = signed.flatMap((one) => {
      const source = wanted[Number(one.ref)];
      return source ? [{ signed: one, source }] : [];
    });
    await eachOf(pairs, async (pair) => {
      try {
        await put(pair);
        waiting.set(pair.signed.itemId, pair);
        putCount += 1;
        lastMove = Date.now();
      } catch (error) {
        const why = error instanceof Error ? error.message : "unknown";
        settle({
          file: pair.source.name,
          outcome: undefined,
          code: "PUT_FAILED",
          message: `Not sent: ${why}.`,
        });
      }
    });
    await poll(uploadId);
  }
  while (waiting.size > 0 && Date.now() - lastMove < timeoutMs) {
    await poll(uploadId);
    if (waiting.size > 0) await wait(pollMs);
  }
  for (const { source } of waiting.values())
    results.push({
      file: source.name,
      outcome: undefined,
      code: "NO_OUTCOME_YET",
      message: "It arrived; no outcome was known before the time limit. Nothing is lost.",
    });
  await api.finishUpload(uploadId);
  return results;
}
