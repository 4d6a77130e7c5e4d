import { Invalid } from "@weald/core/kernel";

const MOST_BYTES = 1024;
const UNUSABLE = /[\p{Cc}\p{Surrogate}]/u;
/** A URL parser takes them out, and a file system climbs. */
const CLIMBING = new Set(["", ".", ".."]);

/**
 * Refuses a key that some store doesn't take, or that a URL would not carry unchanged.
 *
 * @throws {Invalid} `KEY_INVALID`
 */
export function requireKey(key: string): void {
  const isUsable =
    Buffer.byteLength(key) <= MOST_BYTES &&
    !UNUSABLE.test(key) &&
    !key.split("/").some((segment) => CLIMBING.has(segment));
  if (!isUsable) throw new Invalid("KEY_INVALID", "The object's key is not valid.");
}
