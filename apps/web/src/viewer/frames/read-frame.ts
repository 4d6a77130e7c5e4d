import type { FrameLocator, ViewerInstance } from "../contract.ts";
import { joinFragments } from "./join-fragments.ts";
import type { UrlBook } from "./url-book.ts";

export class FrameUnreadable extends Error {
  readonly code = "FRAME_UNREADABLE";
}

const META_START = 144;
const GROUP_LENGTH_AT = 140;
const inflated = new Map<string, Promise<Uint8Array>>();
const MOST_INFLATED = 4;

async function fetchOnce(url: string, range: string | undefined, signal: AbortSignal): Promise<Response> {
  return fetch(url, { signal, ...(range ? { headers: { Range: range } } : {}) });
}

/**
 * Reads bytes with a URL from the book. A refusal, or a network error that a store without CORS headers on its errors
 * makes of one, is answered once with a fresh URL.
 */
async function read(
  book: UrlBook,
  instanceId: string,
  range: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const url = await book.get(instanceId);
    try {
      const answer = await fetchOnce(url, range, signal);
      if (answer.ok) return answer;
      if (attempt === 2) throw new FrameUnreadable(`The object store answered ${answer.status}.`);
    } catch (error) {
      if (signal.aborted || attempt === 2) throw error;
    }
    book.forget(instanceId);
  }
}

/** The data set of a deflated object can't be read by range: it comes whole, once. @see DICOM PS3.5 §A.5 */
async function inflateWhole(book: UrlBook, instanceId: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await (await read(book, instanceId, undefined, signal)).arrayBuffer();
  const start = META_START + new DataView(bytes).getUint32(GROUP_LENGTH_AT, true);
  const stream = new Blob([bytes.slice(start)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function inflatedOf(book: UrlBook, instance: ViewerInstance): Promise<Uint8Array> {
  const key = `${instance.instanceId}/${instance.version}`;
  const known = inflated.get(key);
  if (known !== undefined) return known;
  const [oldest] = inflated.keys();
  if (inflated.size >= MOST_INFLATED && oldest) inflated.delete(oldest);
  const made = inflateWhole(book, instance.instanceId, new AbortController().signal);
  inflated.set(key, made);
  made.catch(() => inflated.delete(key));
  return made;
}

/** The encoded bytes of one frame, straight from the object store. */
export async function readFrame(
  book: UrlBook,
  instance: ViewerInstance,
  locator: FrameLocator,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { offset, length } = locator;
  if (instance.encoding === "deflate") {
    const whole = await inflatedOf(book, instance);
    return joinFragments(whole.slice(offset, offset + length), locator);
  }
  const answer = await read(book, instance.instanceId, `bytes=${offset}-${offset + length - 1}`, signal);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const span = answer.status === 206 ? bytes : bytes.slice(offset, offset + length);
  if (span.length !== length) throw new FrameUnreadable("The object store sent less than a whole frame.");
  return joinFragments(span, locator);
}

/** Bytes that are too long for a header (a palette), by the place that the index noted: `offset:length`. */
export async function readBulk(
  book: UrlBook,
  instance: ViewerInstance,
  place: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const [, offset, length] = /^(\d+):(\d+)$/.exec(place) ?? [];
  if (!offset || !length) return undefined;
  return readFrame(book, instance, { offset: Number(offset), length: Number(length) }, signal);
}
