import type { DicomJson } from "../types.ts";
import { NeedMore } from "./element-reader.ts";
import { locateDataset } from "./locate-dataset.ts";

const LEAST_BYTES = 4096;
const MOST_META_BYTES = 1024 * 1024;

export type SplitPart10 = {
  transferSyntaxUid: string;
  meta: DicomJson;
  /** The data set's bytes, as a network carries them. Read once. */
  dataset: AsyncIterable<Uint8Array>;
};

async function* rest(first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

/**
 * Parts a Part 10 stream into its file meta information and its data set, which isn't held.
 *
 * @throws {DicomError} `NOT_DICOM`, `TRUNCATED`
 * @see DICOM PS3.10 §7.1
 */
export async function splitPart10(stream: AsyncIterable<Uint8Array>): Promise<SplitPart10> {
  const source = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  for (;;) {
    const next = await source.next();
    if (!next.done) held = Buffer.concat([held, next.value]);
    // A head that is too short to be judged could be taken for another thing.
    if (!next.done && held.length < LEAST_BYTES) continue;
    try {
      const { transferSyntaxUid, meta, start } = locateDataset(held, next.done === true);
      return { transferSyntaxUid, meta, dataset: rest(held.subarray(start), source) };
    } catch (error) {
      if (!(error instanceof NeedMore) || next.done || held.length > MOST_META_BYTES) throw error;
    }
  }
}
