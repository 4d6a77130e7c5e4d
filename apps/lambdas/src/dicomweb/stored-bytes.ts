import type { Front } from "@weald/adapters/front";
import { type ByteSpan, type FrameLocator, unpackObject } from "@weald/dicom";

/** Where an object lies, and whether its locators count in what it unpacks to. */
export type Stored = { objectKey: string; encoding: "plain" | "deflate" };

/** Which store an object lies in: a masked reader's are share objects. */
export const storeOf = (front: Front, { isShared }: { isShared: boolean }): Front["archive"] =>
  isShared ? front.shares : front.archive;

/** The bytes of spans, in order, of a stream whose first byte stands at `start`. */
async function* cut(
  source: AsyncIterable<Uint8Array>,
  start: number,
  spans: readonly ByteSpan[],
): AsyncGenerator<Uint8Array> {
  let [position, index] = [start, 0];
  for await (const chunk of source) {
    const end = position + chunk.length;
    for (let span = spans[index]; span && span.offset < end; span = spans[index]) {
      const to = Math.min(span.offset + span.length, end);
      const from = Math.max(span.offset, position);
      if (to > from) yield chunk.subarray(from - position, to - position);
      if (span.offset + span.length > end) break;
      index += 1;
    }
    position = end;
    if (index >= spans.length) return;
  }
  if (index < spans.length) throw new RangeError("the stored object ends too early");
}

/** A frame or a value of a stored object, the item headers between its fragments left out. */
export async function* bytesAt(
  archive: Front["archive"],
  { objectKey, encoding }: Stored,
  locator: FrameLocator,
): AsyncGenerator<Uint8Array> {
  const { offset, length, fragments = [{ offset, length }] } = locator;
  if (length === 0) return;
  if (encoding === "deflate") {
    yield* cut(unpackObject(await archive.read(objectKey)), 0, fragments);
    return;
  }
  const bytes = await archive.read(objectKey, { offset, length });
  if (fragments.length === 1) yield* bytes;
  else yield* cut(bytes, offset, fragments);
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** So many are begun ahead of what is being written: the store's waiting times overlap. */
const AHEAD = 4;

/** Begins the next few while one is used. What was begun and is not used any more is ended. */
export async function* ahead<T, R>(
  items: AsyncIterable<T>,
  begin: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  const hold = (promise: Promise<R>) => {
    // Its failure is thrown where it is awaited.
    promise.catch(() => {});
    begun.push(promise);
  };
  for await (const item of items) {
    hold(begin(item));
    const next = begun.length > AHEAD ? begun.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (let next = begun.shift(); next; next = begun.shift()) yield await next;
}

/** Opened when it is read: an answer that is never read (HEAD) opens nothing. */
export async function* lazily(open: () => Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  yield* await open();
}

/** Waits for the first of many: what it throws is thrown before anything is said. */
export async function begin<T>(items: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = items[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* all() {
    for (let next = first; !next.done; next = await iterator.next()) yield next.value;
  })();
}
