import { DicomError, readHeader, storedName } from "@weald/dicom";
import {
  type ReconcilingApi,
  type SendingApi,
  type SendOptions,
  type SentFile,
  type Source,
  sendSources,
} from "../send/index.ts";
import { type Found, NotFetched, type Offer } from "./found.ts";
import type { ImportState } from "./import-state.ts";
import { pacer, type Rates } from "./pace.ts";
import { type Reconciliation, reconcile } from "./reconcile.ts";

export type ImportOptions = Omit<SendOptions, "api" | "onResult"> & {
  api: SendingApi & ReconcilingApi;
  state: ImportState;
  rates: Rates;
  onFound?(counts: { found: number; dealtWith: number }): void;
};

const NO_NAME = { study: undefined, sop: undefined };

async function* bytesOf(source: Source): AsyncGenerator<Uint8Array> {
  const body = await source.read();
  if (body instanceof Uint8Array) yield body;
  else for await (const piece of body) yield piece;
}

/** Who an object says that it is. One that can't be read is sent all the same: the region judges it, and says why. */
async function nameOf(source: Source): Promise<{ study: string | undefined; sop: string | undefined }> {
  if (source.kind !== "dicom") return NO_NAME;
  try {
    const { studyInstanceUid, sopInstanceUid } = storedName((await readHeader(bytesOf(source))).dataset);
    return { study: studyInstanceUid, sop: sopInstanceUid };
  } catch (error) {
    if (error instanceof DicomError) return NO_NAME;
    throw error;
  }
}

/** One after another; the first that failed is thrown at the end. */
function inTurn() {
  let last = Promise.resolve();
  let failed: { error: unknown } | undefined;
  return {
    add(work: () => Promise<void>): void {
      last = last.then(work).catch((error: unknown) => {
        failed ??= { error };
      });
    },
    async end(): Promise<void> {
      await last;
      if (failed) throw failed.error;
    },
  };
}

/**
 * Brings in what a source offers, goes on where it was stopped, no faster than the rates, and then counts each study there
 * against here.
 */
export async function importObjects(
  offers: AsyncIterable<Offer> | Iterable<Offer>,
  options: ImportOptions,
): Promise<Reconciliation> {
  const { api, state, rates, signal } = options;
  const pace = pacer(rates);
  const found = new Map<string, Found>();
  const open = new Map<string, Offer>();
  const writing = inTurn();
  let dealtWith = 0;

  /** What an earlier run dealt with isn't read again. */
  function isKnown({ key, name }: Offer): boolean {
    const before = state.get(key);
    if (!before) return false;
    found.set(key, { study: undefined, sop: undefined, ...before, name });
    dealtWith += 1;
    return true;
  }

  async function* toSend(): AsyncGenerator<Source> {
    for await (const offer of offers) {
      options.onFound?.({ found: found.size, dealtWith });
      if (isKnown(offer)) continue;
      const base = { key: offer.key, name: offer.name, study: offer.study, sop: offer.sop };
      found.set(offer.key, { ...base, outcome: undefined });
      try {
        const source = await offer.open();
        const name = await nameOf(source);
        found.set(offer.key, {
          ...base,
          study: name.study ?? base.study,
          sop: name.sop ?? base.sop,
          outcome: undefined,
        });
        open.set(offer.key, offer);
        await pace(source.sizeBytes, signal);
        yield { ...source, name: offer.key };
      } catch (error) {
        if (!(error instanceof NotFetched)) throw error;
        found.set(offer.key, { ...base, outcome: undefined, code: error.code, message: error.message });
      }
    }
  }

  function settle({ file: key, outcome, code, message }: SentFile): void {
    const one = found.get(key);
    if (!one) return;
    found.set(key, { ...one, outcome, code, message });
    if (outcome) {
      dealtWith += 1;
      const { study, sop } = one;
      writing.add(() => state.add({ key, study, sop, outcome, code, message }));
    }
    const offer = open.get(key);
    open.delete(key);
    if (offer?.done) writing.add(() => offer.done?.() ?? Promise.resolve());
  }

  await sendSources(toSend(), { ...options, onResult: settle });
  await writing.end();
  return reconcile(api, [...found.values()]);
}
