import type { ByteSpan } from "../contract.ts";
import { FrameUnreadable } from "./read-frame.ts";
import { keepReduced, reducedOf } from "./reduced.ts";
import type { Frame, Registered } from "./registry.ts";
import { FrameGone, type UrlBook } from "./url-book.ts";

/** High-Throughput JPEG 2000 with RPCL Options, lossless only. */
export const HTJ2K_RPCL = "1.2.840.10008.1.2.4.202";

/** A frame that comes in one breath has no reduced picture on the way: a small one on a fast line. */
const LARGE_FRAME = 256 * 1024;
const BREATH_MS = 30;

const NOTHING = new Uint8Array();

/** A range of a pack, with an address of the book; once more with a fresh one where that is refused. */
export async function openRange(
  packs: UrlBook,
  packId: string,
  { offset, length }: ByteSpan,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  for (let attempt = 1; ; attempt += 1) {
    const url = await packs.get(packId);
    try {
      const answer = await fetch(url, {
        signal,
        headers: { Range: `bytes=${offset}-${offset + length - 1}` },
      });
      if (answer.status === 206 && answer.body) return answer.body;
      if (attempt === 2) throw new FrameUnreadable(`The object store answered ${answer.status}.`);
    } catch (error) {
      if (signal.aborted || attempt === 2 || error instanceof FrameGone) throw error;
    }
    packs.forget(packId);
  }
}

/**
 * All of a range, behind what is there of it already; and how much is there whenever more has come.
 *
 * @throws {FrameUnreadable} where it is shorter
 */
export async function collectRange(
  body: ReadableStream<Uint8Array>,
  length: number,
  { begins = NOTHING, onMore }: { begins?: Uint8Array; onMore?(bytes: Uint8Array, count: number): void } = {},
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  bytes.set(begins);
  const reader = body.getReader();
  let count = begins.length;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (count + next.value.length > length)
      throw new FrameUnreadable("The object store sent more than was asked for.");
    bytes.set(next.value, count);
    count += next.value.length;
    onMore?.(bytes, count);
  }
  if (count !== length) throw new FrameUnreadable("The object store sent less than a whole frame.");
  return bytes;
}

/** What is here of a frame as a reduced picture: its first bytes, of the same pack, as long as that resolution is said to be. */
function beginsOf(imageId: string, { packId, length, ends }: NonNullable<Frame["packed"]>): Uint8Array {
  const reduced = reducedOf(imageId);
  if (!reduced || reduced.packId !== packId) return NOTHING;
  const { bytes, level } = reduced;
  return bytes.length === ends[ends.length - 1 - level] && bytes.length < length ? bytes : NOTHING;
}

/**
 * One frame from the pack of its series, by one range: what isn't here of it as a reduced picture. Of one that is large, or that a slow line
 * makes wait, each resolution is told of once it is here, before the next.
 *
 * @returns Nothing where it isn't packed
 */
export async function readPacked(
  { imageId, packed, book }: Registered,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (!packed || !book.packs) return undefined;
  const { packId, offset, length, ends } = packed;
  const begins = beginsOf(imageId, packed);
  const rest = { offset: offset + begins.length, length: length - begins.length };
  const body = await openRange(book.packs, packId, rest, signal);
  const beganAt = performance.now();
  let told = ends.filter((end) => end <= begins.length).length;
  function onMore(bytes: Uint8Array, count: number): void {
    if (rest.length < LARGE_FRAME && performance.now() - beganAt < BREATH_MS) return;
    const here = ends.filter((end) => end <= count).length;
    if (here <= told || here >= ends.length) return;
    told = here;
    keepReduced(imageId, { bytes: bytes.slice(0, ends[here - 1]), level: ends.length - here, packId });
  }
  return collectRange(body, length, { begins, onMore });
}
