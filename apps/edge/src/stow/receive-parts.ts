import {
  DicomError,
  type Part10Header,
  readHeader,
  type StoredName,
  type StorePart,
  type StoreResult,
  storedName,
  text,
} from "@weald/dicom";
import type { EdgeConfig } from "../config.ts";
import { type Incoming, type Item, type Spool, SpoolFull } from "../ledger/index.ts";
import { sopKey } from "../store/receive-object.ts";

const MOST_BYTES = 4 * 1024 ** 3;
const FIRST_HEAD_BYTES = 64 * 1024;
const MOST_HEAD_BYTES = 32 * 1024 ** 2;
const MODALITY = "00080060";

const NO_NAME: StoredName = {
  sopClassUid: undefined,
  sopInstanceUid: undefined,
  studyInstanceUid: undefined,
  seriesInstanceUid: undefined,
};

/** One object of a request: kept in the spool, or why not. */
export type ReceivedPart =
  | { kept: Item; name: StoredName; clearsPreamble: boolean }
  | { failed: StoreResult };

export type ReceiveOptions = {
  spool: Spool;
  config: Pick<EdgeConfig, "urgencyOfModality">;
  /** Who sends, for the page and the ledger. */
  clientId: string;
  /** Only objects of this study, where the address names one. */
  study: string | undefined;
};

const failed = (name: StoredName, code: string, message: string): ReceivedPart => ({
  failed: { name, outcome: "failed", code, message },
});

/** Reads who an object is while it passes: again whenever four times as much of it has come, until it is known. */
class HeadReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #next = FIRST_HEAD_BYTES;
  #isOver = false;
  header: Part10Header | undefined;

  async #read(): Promise<void> {
    const pieces = this.#pieces;
    try {
      this.header = await readHeader(
        (async function* head() {
          yield* pieces;
        })(),
      );
      this.#stop();
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      // Cut where the head ends so far: more of it will tell. Anything else is the region's to judge.
      if (error.code !== "TRUNCATED" || this.#bytes >= MOST_HEAD_BYTES) this.#stop();
    }
  }

  #stop(): void {
    this.#isOver = true;
    this.#pieces = [];
  }

  async push(piece: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes < this.#next) return;
    this.#next *= 4;
    await this.#read();
  }

  async end(): Promise<Part10Header | undefined> {
    if (!this.#isOver) await this.#read();
    return this.header;
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof SpoolFull || (error instanceof Error && "code" in error && error.code === "ENOSPC");

async function drained(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of body);
}

async function keepPart(
  incoming: Incoming,
  { body }: StorePart,
  { config, clientId, study }: ReceiveOptions,
): Promise<ReceivedPart> {
  const head = new HeadReader();
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > MOST_BYTES) return failed(NO_NAME, "OBJECT_TOO_LARGE", "An object may have 4 GB.");
    await head.push(piece);
    await incoming.write(piece);
  }
  const header = await head.end();
  const name = header ? storedName(header.dataset) : NO_NAME;
  if (study !== undefined && name.studyInstanceUid !== undefined && name.studyInstanceUid !== study)
    return failed(
      name,
      "STUDY_UID_DIFFERS",
      "The object belongs to another study than the one at this address.",
    );
  const modality = header && text(header.dataset, MODALITY);
  const kept = await incoming.keep({
    kind: "dicom",
    urgency: config.urgencyOfModality[modality ?? ""] ?? "routine",
    stream: clientId,
    keys: name.sopInstanceUid ? [sopKey(name.sopInstanceUid)] : [],
    ...(name.sopClassUid ? { sopClassUid: name.sopClassUid } : {}),
  });
  return { kept, name, clearsPreamble: header?.clearsPreamble ?? false };
}

/**
 * One object into the spool as it comes, in bounded memory. On the disk, fsynced, when it resolves as kept; whatever else
 * happens leaves nothing behind.
 */
export async function receivePart(part: StorePart, options: ReceiveOptions): Promise<ReceivedPart> {
  if (part.refused) {
    await drained(part.body);
    return failed(NO_NAME, part.refused.code, part.refused.message);
  }
  let incoming: Incoming | undefined;
  try {
    incoming = await options.spool.begin();
    const received = await keepPart(incoming, part, options);
    if ("failed" in received) await incoming.abandon();
    return received;
  } catch (error) {
    await incoming?.abandon();
    if (!isFull(error)) throw error;
    return failed(NO_NAME, "DISK_LOW", "The gateway's disk is nearly full. Send it again later.");
  }
}
