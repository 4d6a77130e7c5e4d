import { createHash } from "node:crypto";
import path from "node:path";
import { Invalid } from "@weald/core/kernel";

const KEY = /^[^\u0000-\u001f]{1,1024}$/;
const COMMIT = ".~o";

/** Percent-encodes one segment of a key, also one of dots only: no key can climb out of its bucket. */
const segment = (text: string) =>
  encodeURIComponent(text)
    .replace(/^\.+$/, (dots) => "%2E".repeat(dots.length))
    .replace(/[*!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Where things lie in a bucket's folder: immutable blobs, one small commit record a key, and `tmp/` for what is being
 * written. The suffix keeps the records of "a" and "a/b" apart.
 *
 * @throws {Invalid} `KEY_INVALID`
 */
export function fileLayout(root: string, bucket: string) {
  const base = path.join(root, bucket);
  return {
    base,
    tmp: path.join(base, "tmp"),
    keys: path.join(base, "keys"),
    blobs: path.join(base, "blobs"),
    blob: (id: string) => path.join(base, "blobs", id.slice(0, 2), id),
    record(key: string): string {
      const parts = key.split("/");
      if (!KEY.test(key) || parts.some((part) => part === ""))
        throw new Invalid("KEY_INVALID", "The object's key is not valid.");
      // A segment may be longer, encoded, than a file name can be: then its hash stands for it.
      const names = parts
        .map(segment)
        .map((name) => (name.length <= 200 ? name : `%%${createHash("sha256").update(name).digest("hex")}`));
      return path.join(base, "keys", ...names) + COMMIT;
    },
    isRecord: (name: string) => name.endsWith(COMMIT),
  };
}
export type FileLayout = ReturnType<typeof fileLayout>;
