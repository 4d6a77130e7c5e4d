import { createHash } from "node:crypto";

/** Bytes that only this key's object has: 200 to 400 KB. */
export function bytesFor(key: string): Buffer {
  const seed = createHash("sha256").update(key).digest();
  return Buffer.alloc(200_000 + (seed.readUInt16BE(0) % 200_000), seed);
}
