import { createHash } from "node:crypto";
import path from "node:path";
import { requireKey } from "./key.ts";

const COMMIT = ".~o";

/** Percent-encodes one segment of a key: what a file system might read otherwise is no part of a name. */
const segment = (text: string) =>
  encodeURIComponent(text).replace(
    /[*!'()~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

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
    /** The record of a blob that is being placed or taken away. */
    pending: (id: string) => path.join(base, "tmp", `${id}.json`),
    blob: (id: string) => path.join(base, "blobs", id.slice(0, 2), id),
    record(key: string): string {
      requireKey(key);
      // A segment may be longer, encoded, than a file name can be: then its hash stands for it.
      const names = key
        .split("/")
        .map(segment)
        .map((name) => (name.length <= 200 ? name : `%%${createHash("sha256").update(name).digest("hex")}`));
      return path.join(base, "keys", ...names) + COMMIT;
    },
    isRecord: (name: string) => name.endsWith(COMMIT),
  };
}
export type FileLayout = ReturnType<typeof fileLayout>;
