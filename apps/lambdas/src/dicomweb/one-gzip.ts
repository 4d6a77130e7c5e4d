import { crc32, deflateRawSync } from "node:zlib";

/** A piece of a deflate stream that ends at a byte and isn't the last, with the CRC-32 and size of what it unpacks to. */
export type DeflatedPiece = { deflated: Uint8Array; crc: number; sizeBytes: number };

// No name, no time, an operating system that isn't said. @see RFC 1952 §2.3
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const ZEROS = Buffer.alloc(1024 * 1024);

function crcBehindZeros(crc: number, sizeBytes: number): number {
  let now = crc;
  for (let left = sizeBytes; left > 0; left -= ZEROS.length)
    now = crc32(ZEROS.subarray(0, Math.min(left, ZEROS.length)), now);
  return now;
}

/** CRC-32 of two texts, one behind the other, from that of each: a CRC is linear over what it begins with. */
export const joinedCrc = (first: number, second: number, secondBytes: number): number =>
  (crcBehindZeros(first, secondBytes) ^ crcBehindZeros(0, secondBytes) ^ second) >>> 0;

/**
 * One gzip member of all pieces and an end. Several members would be legal (RFC 1952 §2.2), but browsers unpack the first
 * alone, and what they show of it never looks cut.
 */
export async function* oneGzip(
  pieces: AsyncIterable<DeflatedPiece>,
  end: string,
): AsyncGenerator<Uint8Array> {
  yield HEAD;
  const whole = { crc: 0, sizeBytes: 0 };
  const add = ({ crc, sizeBytes }: Omit<DeflatedPiece, "deflated">) => {
    whole.crc = joinedCrc(whole.crc, crc, sizeBytes);
    whole.sizeBytes += sizeBytes;
  };
  for await (const piece of pieces) {
    add(piece);
    yield piece.deflated;
  }
  const last = Buffer.from(end);
  add({ crc: crc32(last), sizeBytes: last.length });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(whole.crc, 0);
  trailer.writeUInt32LE(whole.sizeBytes % 2 ** 32, 4);
  yield Buffer.concat([deflateRawSync(last), trailer]);
}
