import { type FileHandle, lstat, open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Kind } from "./api.ts";

/** Why a file isn't sent. `unreadable` has no outcome: it may be an image, and must not look as if it were dealt with. */
export type NotSent = "other" | "empty" | "link" | "unreadable";

/** Something to send: a file, or bytes that a program made. `read` gives a fresh stream each time it is tried. */
export type Source = {
  name: string;
  sizeBytes: number;
  kind: Kind | NotSent;
  read(): Promise<Uint8Array | ReadableStream<Uint8Array>>;
};

const HEAD_BYTES = 132;

/** What a file is, by its first bytes: Part 10 by its prefix, a bare data set by its first group, HL7 v2 by MSH. */
export function kindOf(head: Uint8Array): Kind | "other" {
  const text = Buffer.from(head).toString("latin1");
  if (text.slice(128, 132) === "DICM") return "dicom";
  if (/^(\u00EF\u00BB\u00BF)?(\u000b)?MSH[^\w\s]/.test(text)) return "hl7";
  const group = text.slice(0, 2);
  return group === "\u0008\u0000" || group === "\u0002\u0000" || group === "\u0000\u0008" ? "dicom" : "other";
}

const isOneOf = (error: unknown, ...codes: string[]) =>
  error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);

export const bytesSource = (name: string, kind: Kind, bytes: Uint8Array): Source => ({
  name,
  kind,
  sizeBytes: bytes.byteLength,
  read: async () => bytes,
});

const notSent = (name: string, kind: NotSent): Source => ({
  name,
  kind,
  sizeBytes: 0,
  read: async () => new Uint8Array(0),
});

async function headOf(handle: FileHandle, sizeBytes: number): Promise<Kind | NotSent> {
  if (sizeBytes === 0) return "empty";
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  return kindOf(head.subarray(0, bytesRead));
}

async function fileSource(file: string): Promise<Source> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return {
      name: file,
      sizeBytes: size,
      kind: await headOf(handle, size),
      // Opened first, so that what can't be read is known before anything is sent. Not `readableWebStream()`: it stalls
      // as the body of a request on Node 20.
      read: async () => {
        const again = await open(file);
        return Readable.toWeb(again.createReadStream()) as ReadableStream<Uint8Array>;
      },
    };
  } finally {
    await handle.close();
  }
}

async function readable(file: string, work: (file: string) => Promise<Source>): Promise<Source> {
  try {
    return await work(file);
  } catch (error) {
    // A system's own refusal has a code; anything else is our fault and must be seen.
    if (isOneOf(error, "EACCES", "EPERM", "ENOENT", "EIO", "EISDIR", "ELOOP", "ESTALE"))
      return notSent(file, "unreadable");
    throw error;
  }
}

async function* folderSources(folder: string): AsyncGenerator<Source> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    yield notSent(folder, "unreadable");
    return;
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, "en"));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* folderSources(full);
    else if (entry.isSymbolicLink()) yield notSent(full, "link");
    else if (entry.isFile()) yield await readable(full, fileSource);
  }
}

/** Every file below the paths, in name order. A link is followed where it is named, not where it is found; hidden files are left alone. */
export async function* sourcesIn(paths: readonly string[]): AsyncGenerator<Source> {
  for (const one of paths) {
    const found = await stat(one).catch(() => lstat(one).catch(() => undefined));
    if (found?.isDirectory()) yield* folderSources(one);
    else yield await readable(one, fileSource);
  }
}
