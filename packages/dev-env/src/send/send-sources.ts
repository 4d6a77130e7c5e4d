import { setTimeout as wait } from "node:timers/promises";
import type { Urgency } from "@weald/core/ports";
import { type FileOutcome, type SendingApi, SendRefused, type SignedFile } from "./api.ts";
import { isPassing, ObjectRefused, putObject, type SignedSource } from "./put-object.ts";
import type { NotSent, Source } from "./sources.ts";

export type SentFile = {
  file: string;
  /** `undefined`: no outcome before the time limit, or its bytes could not be put. */
  outcome: FileOutcome["outcome"] | undefined;
  code?: string | undefined;
  message?: string | undefined;
};

export type SendOptions = {
  api: SendingApi;
  /** Routine, unless it is said. */
  urgency?: Urgency | undefined;
  /** Ends when so long nothing has moved. A network that is away for less is waited for. */
  timeoutMs: number;
  /** Asks for outcomes so often; without it, the less often the more there is left to take in. */
  pollMs?: number;
  /** The first wait before something is tried again; it doubles. */
  retryMs?: number;
  signal?: AbortSignal;
  onResult?(result: SentFile): void;
  onProgress?(progress: { put: number; settled: number }): void;
  /** For a region that is drained by hand. */
  beforePoll?(): Promise<void>;
};

const BATCH = 100;
const AT_ONCE = 6;
const ASK_MOST = 500;
const MOST_BYTES = 4 * 1024 ** 3;
const LONGEST_WAIT_MS = 5000;
/** What is asked for takes the region about so long: it is asked the less often the more there is left to take in. */
const ASK_PER_FILE_MS = 20;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [300, 2000];
/** In ms, where so many files wait for their outcome. */
export const pauseFor = (left: number): number =>
  Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, left * ASK_PER_FILE_MS));

const NOT_SENT: Record<NotSent, Omit<SentFile, "file">> = {
  other: { outcome: "skipped", code: "NOT_DICOM", message: "This is neither DICOM nor HL7 v2." },
  empty: { outcome: "skipped", code: "EMPTY_FILE", message: "The file is empty." },
  link: {
    outcome: "skipped",
    code: "LINK_NOT_FOLLOWED",
    message: "Links are not followed. Name the file itself.",
  },
  unreadable: {
    outcome: undefined,
    code: "FILE_UNREADABLE",
    message: "This can't be read by whoever sends. Change its permissions and send it again.",
  },
};
const TOO_LARGE: Omit<SentFile, "file"> = {
  outcome: undefined,
  code: "OBJECT_TOO_LARGE",
  message: "The file is larger than 4 GB. Send it through the trust's gateway.",
};

type Sendable = Source & { kind: "dicom" | "hl7" };

const isSendable = (source: Source): source is Sendable => source.kind === "dicom" || source.kind === "hl7";

function whyNot(source: Source): Omit<SentFile, "file"> | undefined {
  if (source.kind !== "dicom" && source.kind !== "hl7") return NOT_SENT[source.kind];
  return source.sizeBytes > MOST_BYTES ? TOO_LARGE : undefined;
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

/** When something last moved, and how long a failure that passes is waited out. */
function patience({ timeoutMs, retryMs = 300, signal }: SendOptions) {
  let lastMove = Date.now();
  const isOver = () => Date.now() - lastMove >= timeoutMs;
  return {
    isOver,
    moved(): void {
      lastMove = Date.now();
    },
    pause: (ms: number) => wait(ms, undefined, signal ? { signal } : {}),
    /** Again and again while nothing has moved for less than the limit; what doesn't pass is thrown at once. */
    async insist<T>(work: () => Promise<T>): Promise<T> {
      for (let attempt = 0; ; attempt += 1) {
        signal?.throwIfAborted();
        try {
          return await work();
        } catch (error) {
          if (!isPassing(error) || isOver()) throw error;
          await wait(Math.min(retryMs * 2 ** attempt, LONGEST_WAIT_MS), undefined, signal ? { signal } : {});
        }
      }
    },
  };
}

const isRefusal = (error: unknown): error is SendRefused | ObjectRefused =>
  error instanceof SendRefused || error instanceof ObjectRefused;

function notPut(file: string, error: unknown): SentFile {
  if (isRefusal(error))
    return { file, outcome: undefined, code: error.code, message: `Not sent: ${error.message}` };
  return {
    file,
    outcome: undefined,
    code: "NOT_SENT",
    message: "Not sent: the region did not answer before the time limit. Send it again.",
  };
}

/**
 * Sends by signed PUT into the inbox and waits until every file has an outcome. What is no DICOM and no HL7 v2 is skipped
 * here, with a word. The sender's word that it has finished lets series settle at once.
 *
 * @throws {SendRefused} when the portal doesn't let this sender begin
 */
export async function sendSources(
  sources: AsyncIterable<Source> | Iterable<Source>,
  options: SendOptions,
): Promise<SentFile[]> {
  const { api, urgency, timeoutMs, pollMs, signal } = options;
  const { insist, isOver, moved, pause } = patience(options);
  const results: SentFile[] = [];
  const waiting = new Map<string, Source>();
  let putCount = 0;

  function settle(result: SentFile): void {
    results.push(result);
    options.onResult?.(result);
    options.onProgress?.({ put: putCount, settled: results.length });
  }

  async function ask(uploadId: string): Promise<void> {
    await options.beforePoll?.();
    const ids = [...waiting.keys()];
    for (let from = 0; from < ids.length; from += ASK_MOST) {
      for (const { itemId, outcome, code, message } of await api.readOutcomes(
        uploadId,
        ids.slice(from, from + ASK_MOST),
      )) {
        const source = waiting.get(itemId);
        if (!source) continue;
        waiting.delete(itemId);
        moved();
        settle({ file: source.name, outcome, code, message });
      }
    }
  }

  async function signed(uploadId: string, wanted: readonly Sendable[]): Promise<SignedSource[]> {
    const files = wanted.map(({ sizeBytes, kind }, index) => ({
      ref: String(index),
      sizeBytes,
      kind,
      urgency,
    }));
    const answers = await insist(() => api.signItems(uploadId, files));
    return answers.flatMap((one: SignedFile) => {
      const source = wanted[Number(one.ref)];
      return source ? [{ signed: one, source }] : [];
    });
  }

  /** A signature lives an hour; one that ran out behind a slow line is asked for anew. */
  async function put(uploadId: string, pair: SignedSource): Promise<string> {
    try {
      await insist(() => putObject(pair, { timeoutMs, signal }));
      return pair.signed.itemId;
    } catch (error) {
      if (!(error instanceof ObjectRefused) || error.status !== 403 || !isSendable(pair.source)) throw error;
      const [again] = await signed(uploadId, [pair.source]);
      if (!again) throw error;
      await insist(() => putObject(again, { timeoutMs, signal }));
      return again.signed.itemId;
    }
  }

  async function putOne(uploadId: string, pair: SignedSource): Promise<void> {
    try {
      waiting.set(await put(uploadId, pair), pair.source);
      putCount += 1;
      moved();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRefusal(error) && !isPassing(error)) throw error;
      settle(notPut(pair.source.name, error));
    }
  }

  async function sendBatch(uploadId: string, batch: readonly Source[]): Promise<void> {
    for (const source of batch) {
      const why = whyNot(source);
      if (why) settle({ file: source.name, ...why });
    }
    const wanted = batch.filter(isSendable).filter((source) => !whyNot(source));
    if (wanted.length === 0) return;
    let pairs: SignedSource[];
    try {
      pairs = await signed(uploadId, wanted);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRefusal(error) && !isPassing(error)) throw error;
      for (const { name } of wanted) settle(notPut(name, error));
      return;
    }
    await eachOf(pairs, (pair) => putOne(uploadId, pair));
  }

  /** A portal that is away for a moment is asked again. */
  async function askGently(uploadId: string): Promise<void> {
    try {
      await ask(uploadId);
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }

  const { uploadId } = await insist(() => api.beginUpload());
  moved();
  for await (const batch of batches(sources)) {
    signal?.throwIfAborted();
    await sendBatch(uploadId, batch);
    await askGently(uploadId);
  }
  while (waiting.size > 0 && !isOver()) {
    await askGently(uploadId);
    if (waiting.size > 0) await pause(pollMs ?? pauseFor(waiting.size));
  }
  for (const { name } of waiting.values())
    settle({
      file: name,
      outcome: undefined,
      code: "NO_OUTCOME_YET",
      message: "It arrived; no outcome was known before the time limit. Nothing is lost.",
    });
  // Without this word the series settle by themselves a minute later.
  await api.finishUpload(uploadId).catch((error: unknown) => {
    if (!isPassing(error)) throw error;
  });
  return results;
}
