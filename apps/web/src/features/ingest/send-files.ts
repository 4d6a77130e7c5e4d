import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "#server/routers/app.ts";
import { type FoundFile, kindOf } from "./files-in.ts";

export type FileState =
  | "waiting"
  | "sending"
  | "arrived"
  | "accepted"
  | "duplicate"
  | "alternate"
  | "quarantined"
  | "skipped"
  | "failed";
export type FileResult = {
  path: string;
  state: FileState;
  code?: string | undefined;
  message?: string | undefined;
  /** Of a file that arrived: by it the portal asks again. */
  itemId?: string | undefined;
};
export type Outside = { patientRecordId: string; sourceName: string };

type Options = {
  client: TRPCClient<AppRouter>;
  files: readonly FoundFile[];
  outside: Outside | undefined;
  onResult(index: number, result: Partial<FileResult>): void;
};

const BATCH = 100;
const AT_ONCE = 4;
const ASK_MS = 500;
const NO_PROGRESS_MS = 10 * 60_000;
const OUTCOMES: readonly FileState[] = ["accepted", "duplicate", "alternate", "quarantined", "skipped"];

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

type Ready = { index: number; file: File; kind: "dicom" | "hl7" };

async function putWithRetry(url: string, headers: Record<string, string>, file: File): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { method: "PUT", headers, body: file });
      // 412: an earlier try had arrived after all.
      if (answer.ok || answer.status === 412) return;
      throw new Error(`the store answered ${answer.status}`);
    } catch (error) {
      if (attempt === 3) throw error;
      await wait(attempt * 500);
    }
  }
}

/**
 * Sends by signed PUT, and tells of each file until every one has its outcome. Nothing passes through the portal.
 *
 * @returns The upload's id.
 */
export async function sendFiles({ client, files, outside, onResult }: Options): Promise<string> {
  const { uploadId } = await client.ingest.beginUpload.mutate({
    door: "portal",
    ...(outside ? { outside } : {}),
  });
  const inFlight = new Map<string, number>();
  let lastMove = Date.now();

  async function sendBatch(batch: readonly Ready[]): Promise<void> {
    const { items } = await client.ingest.signItems.mutate({
      uploadId,
      files: batch.map(({ index, file, kind }) => ({ ref: String(index), sizeBytes: file.size, kind })),
    });
    const queue = items.map((item) => ({
      item,
      ready: batch.find(({ index }) => String(index) === item.ref),
    }));
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { item, ready } = next;
        if (!ready) continue;
        onResult(ready.index, { state: "sending" });
        try {
          await putWithRetry(item.put.url, item.put.headers, ready.file);
          inFlight.set(item.itemId, ready.index);
          onResult(ready.index, { state: "arrived", itemId: item.itemId });
        } catch {
          onResult(ready.index, {
            state: "failed",
            message: "It could not be sent. Check the connection and add it again.",
          });
        }
        lastMove = Date.now();
      }
    });
    await Promise.all(workers);
  }

  async function ask(): Promise<void> {
    const outcomes = await client.ingest.readOutcomes.mutate({
      uploadId,
      itemIds: [...inFlight.keys()].slice(0, 500),
    });
    for (const { itemId, outcome, code, message } of outcomes) {
      const index = inFlight.get(itemId);
      const state = OUTCOMES.find((one) => one === outcome);
      if (index === undefined || !state) continue;
      inFlight.delete(itemId);
      lastMove = Date.now();
      onResult(index, { state, code, message });
    }
  }

  let batch: Ready[] = [];
  for (const [index, { file }] of files.entries()) {
    const kind = await kindOf(file);
    if (kind === "other")
      onResult(index, { state: "skipped", code: "NOT_DICOM", message: "This is neither DICOM nor HL7 v2." });
    else batch.push({ index, file, kind });
    if (batch.length < BATCH) continue;
    await sendBatch(batch);
    batch = [];
    if (inFlight.size > 0) await ask();
  }
  if (batch.length > 0) await sendBatch(batch);
  while (inFlight.size > 0 && Date.now() - lastMove < NO_PROGRESS_MS) {
    await ask();
    if (inFlight.size > 0) await wait(ASK_MS);
  }
  for (const index of inFlight.values())
    onResult(index, {
      message: "It arrived and waits to be taken in. Nothing is lost: look at your list later.",
    });
  await client.ingest.finishUpload.mutate({ uploadId });
  return uploadId;
}

type Following = Pick<Options, "client" | "onResult"> & { uploadId: string; results: readonly FileResult[] };

/** After its sender's word: asks again for what was quarantined, until each has its outcome. */
export async function followOutcomes({ client, uploadId, results, onResult }: Following): Promise<void> {
  const open = new Map(
    results.flatMap(({ itemId, state }, index) =>
      itemId && state === "quarantined" ? [[itemId, index] as const] : [],
    ),
  );
  let lastMove = Date.now();
  while (open.size > 0 && Date.now() - lastMove < NO_PROGRESS_MS) {
    const itemIds = [...open.keys()].slice(0, 500);
    const outcomes = await client.ingest.readOutcomes.mutate({ uploadId, itemIds });
    for (const { itemId, outcome, code, message } of outcomes) {
      const index = open.get(itemId);
      const state = OUTCOMES.find((one) => one === outcome);
      if (index === undefined || !state) continue;
      open.delete(itemId);
      lastMove = Date.now();
      onResult(index, { state, code, message });
    }
    for (const index of open.values())
      onResult(index, { state: "arrived", code: undefined, message: undefined });
    if (open.size > 0) await wait(ASK_MS);
  }
}
