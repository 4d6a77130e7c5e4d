import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Kind } from "./api.ts";

/** Something to send: a file, or bytes that a program made. `open` gives a fresh stream each time it is tried. */
export type Source = {
  name: string;
  sizeBytes: number;
  kind: Kind | "other";
  read(): Promise<Uint8Array | ReadableStream<Uint8Array>>;
};

const HEAD_BYTES = 132;

/** What a file is, by its first bytes: Part 10 by its prefix, a bare data set by its first group, HL7 v2 by MSH. */
export function kindOf(head: Uint8Array): Kind | "other" {
  const text = Buffer.from(head).toString("latin1");
  if (text.slice(128, 132) === "DICM") return "dicom";
  if (/^\uFEFF?(\u000b)?MSH[^\w\s]/.test(text)) return "hl7";
  const group = text.slice(0, 2);
  return group === "\u0008\u0000" || group === "\u0002\u0000" || group === "\u0000\u0008" ? "dicom" : "other";
}

export const bytesSource = (name: string, kind: Kind, bytes: Uint8Array): Source => ({
  name,
  kind,
  sizeBytes: bytes.byteLength,
  read: async () => bytes,
});

async function fileSource(file: string): Promise<Source> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    const { size } = await handle.stat();
    return {
      name: file,
      sizeBytes: size,
      kind: kindOf(head.subarray(0, bytesRead)),
      // Closes its file by itself, also where a try is given up.
      read: async () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
    };
  } finally {
    await handle.close();
  }
}

/** Every file below the paths, in name order; links are not followed, hidden files are left alone. */
export async function* sourcesIn(paths: readonly string[]): AsyncGenerator<Source> {
  for (const one of paths) {
    if (!(await stat(one)).isDirectory()) {
      yield await fileSource(one);
      continue;
    }
    const entries = await readdir(one, { withFileTypes: true });
    entries.sort((a, b) => a.name.localeCompare(b.name, "en"));
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory()) yield* sourcesIn([path.join(one, entry.name)]);
      else if (entry.isFile()) yield await fileSource(path.join(one, entry.name));
    }
  }
}
