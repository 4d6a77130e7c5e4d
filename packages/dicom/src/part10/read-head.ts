import { refusals } from "../errors.ts";
import { NeedMore } from "./element-reader.ts";

export const MOST_HEADER_BYTES = 32 * 1024 * 1024;
const FIRST_TRY_BYTES = 32 * 1024;

/** Reads a head, and again when more of it is here, until the pixel data or the end: each try is four times the last. */
export async function readHead<T>(
  source: AsyncIterator<Uint8Array>,
  mostBytes: number,
  attempt: (bytes: Uint8Array, isWhole: boolean) => T,
) {
  let bytes: Buffer = Buffer.alloc(0);
  let isWhole = false;
  for (let wanted = FIRST_TRY_BYTES; ; wanted *= 4) {
    const chunks: Buffer[] = [bytes];
    for (let length = bytes.length; length < wanted && !isWhole; ) {
      const next = await source.next();
      if (next.done) isWhole = true;
      else {
        chunks.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
        length += next.value.length;
      }
    }
    bytes = Buffer.concat(chunks);
    try {
      return { bytes, found: attempt(bytes, isWhole) };
    } catch (error) {
      if (!(error instanceof NeedMore)) throw error;
      if (bytes.length >= mostBytes) throw refusals.headerTooLarge();
    }
  }
}

/** What was read ahead, and then the rest. */
export async function* rejoin(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
