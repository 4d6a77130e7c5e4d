import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from "node:fs/promises";
import path from "node:path";
import {
  ObjectExists,
  ObjectNotFound,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
  StoreUnavailable,
} from "@weald/core/ports";
import { z } from "zod";
import { fileLayout } from "./file-layout.ts";
import { requireKey } from "./key.ts";
import { signUrl } from "./url-signature.ts";

export type FileStoreOptions = {
  root: string;
  bucket: string;
  publicUrl: string;
  secret: string;
  fsync: boolean;
};

/** One small file a key: it points at an immutable blob, and writing it is the commit. */
const CommitRecord = z.object({
  key: z.string(),
  blob: z.string(),
  sizeBytes: z.number(),
  etag: z.string(),
  contentType: z.string(),
  modifiedAt: z.iso.datetime(),
});
export type CommitRecord = z.output<typeof CommitRecord>;

/** The port, and what the gateway and recovery need of it. */
export type FileObjectStore = ObjectStore & {
  readonly secret: string;
  /** Bytes on disk and the record that names them, for serving. */
  locate(key: string): Promise<{ record: CommitRecord; blobPath: string } | undefined>;
  /** Clears what dead writers left. Only while nobody else writes: at the start of a region. */
  recover(): Promise<void>;
  readonly blobRoot: string;
};

const WRITE_BUFFER = 512 * 1024;
const isCode = (error: unknown, ...codes: string[]) =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));

function readable(text: string): CommitRecord | undefined {
  try {
    return CommitRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const stored = (record: CommitRecord): StoredObject => ({
  key: record.key,
  sizeBytes: record.sizeBytes,
  contentType: record.contentType,
  etag: record.etag,
  modifiedAt: new Date(record.modifiedAt),
});

async function writeAll(handle: FileHandle, body: AsyncIterable<Uint8Array> | Uint8Array) {
  const hash = createHash("md5");
  let sizeBytes = 0;
  let waiting: Uint8Array[] = [];
  let held = 0;
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    held = 0;
    for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
  };
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    waiting.push(chunk);
    held += chunk.length;
    if (held >= WRITE_BUFFER) await flush();
  }
  await flush();
  return { sizeBytes, md5: hash.digest("hex") };
}

/**
 * Immutable blobs and small commit records in a folder: for the local region, and for a pilot on one server. Several
 * processes may use one folder at once. A put is: bytes to `tmp/`, fsync, record to `tmp/`, fsync, rename of the bytes to
 * the blob's place, link or rename of the record to the key's place, fsync of the folders. A reader sees the whole object
 * or none.
 */
export function createFileObjectStore(options: FileStoreOptions): FileObjectStore {
  const { bucket, fsync } = options;
  const at = fileLayout(options.root, bucket);
  const made = new Set<string>();

  /** Of a file or of a folder. */
  async function sync(name: string): Promise<void> {
    if (!fsync) return;
    const handle = await open(name, "r");
    await handle.sync().finally(() => handle.close());
  }

  /** A new folder is durable when the folders that name it and its new parents are. */
  async function folder(name: string): Promise<void> {
    if (made.has(name)) return;
    const first = await mkdir(name, { recursive: true, mode: 0o700 });
    if (first !== undefined)
      for (let inner = name; inner.length >= first.length; inner = path.dirname(inner))
        await sync(path.dirname(inner));
    made.add(name);
  }

  async function writeFresh<T>(name: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
    await folder(at.tmp);
    const handle = await open(name, "wx", 0o600);
    try {
      const result = await write(handle);
      if (fsync) await handle.sync();
      return result;
    } finally {
      await handle.close();
    }
  }

  async function readRecord(key: string): Promise<CommitRecord | undefined> {
    try {
      return CommitRecord.parse(JSON.parse(await readFile(at.record(key), "utf8")));
    } catch (error) {
      if (isCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  }

  /** Takes a key's record away and then its blob. In between the record lies in `tmp/`, for `recover`. */
  async function dropRecord(key: string): Promise<void> {
    const aside = at.pending(randomUUID());
    await folder(at.tmp);
    try {
      await rename(at.record(key), aside);
    } catch (error) {
      if (isCode(error, "ENOENT", "ENOTDIR")) return;
      throw error;
    }
    const record = CommitRecord.parse(JSON.parse(await readFile(aside, "utf8")));
    await rm(at.blob(record.blob), { force: true });
    await rm(aside, { force: true });
  }

  /**
   * The commit: `link` fails where the key exists, `rename` takes its place. The record lies in `tmp/` before its blob is
   * placed, so that `recover` finds a blob whose writer died before the commit.
   */
  async function commit(
    record: CommitRecord,
    ifAbsent: boolean,
    place: (blob: string) => Promise<void>,
  ): Promise<void> {
    const target = at.record(record.key);
    const pending = at.pending(record.blob);
    await writeFresh(pending, (handle) => handle.writeFile(JSON.stringify(record)));
    try {
      await place(record.blob);
      await folder(path.dirname(target));
      const old = ifAbsent ? undefined : await readRecord(record.key);
      if (ifAbsent) await link(pending, target);
      else await rename(pending, target);
      await sync(path.dirname(target));
      if (old) await rm(at.blob(old.blob), { force: true });
    } catch (error) {
      if ((await readRecord(record.key))?.blob !== record.blob)
        await rm(at.blob(record.blob), { force: true });
      if (isCode(error, "EEXIST")) throw new ObjectExists(record.key);
      throw error;
    } finally {
      await rm(pending, { force: true });
    }
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isCode(error, "ENOSPC", "EDQUOT"))
        throw new StoreUnavailable("the disk of the object store is full", { cause: error });
      throw error;
    }
  }

  async function placeBlob(temporary: string, blob: string): Promise<void> {
    const target = at.blob(blob);
    await folder(path.dirname(target));
    await rename(temporary, target);
    await sync(path.dirname(target));
  }

  async function put(
    key: string,
    body: AsyncIterable<Uint8Array> | Uint8Array,
    { contentType, ifAbsent = false, sizeBytes: stated }: PutOptions,
  ) {
    at.record(key);
    const blob = randomUUID();
    const temporary = path.join(at.tmp, blob);
    try {
      const { sizeBytes, md5 } = await writeFresh(temporary, (handle) => writeAll(handle, body));
      if (stated !== undefined && stated !== sizeBytes)
        throw new StoreUnavailable(`wrote ${sizeBytes} bytes of ${stated}`);
      const record = {
        key,
        blob,
        sizeBytes,
        etag: `${md5}-${blob.slice(0, 8)}`,
        contentType,
        modifiedAt: new Date().toISOString(),
      };
      await commit(record, ifAbsent, () => placeBlob(temporary, blob));
      return stored(record);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async function linkBlob(from: string, blob: string): Promise<void> {
    const target = at.blob(blob);
    await folder(path.dirname(target));
    try {
      await link(from, target);
    } catch (error) {
      if (!isCode(error, "EXDEV", "EPERM", "EMLINK")) throw error;
      await copyFile(from, target, constants.COPYFILE_FICLONE);
      await sync(target);
    }
    await sync(path.dirname(target));
  }

  async function open_(key: string) {
    // The blob may be replaced between reading the record and opening it: then the record is read again.
    for (let tries = 0; ; tries += 1) {
      const record = await readRecord(key);
      if (!record) throw new ObjectNotFound(key);
      try {
        return { record, handle: await open(at.blob(record.blob), "r") };
      } catch (error) {
        if (!isCode(error, "ENOENT") || tries === 5) throw error;
      }
    }
  }

  /** Blobs that a dead writer had placed and no record names: their own records still lie in `tmp/`. */
  async function pendingBlobs(): Promise<string[]> {
    const names = await readdir(at.tmp).catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return [];
      throw error;
    });
    const orphans: string[] = [];
    for (const name of names.filter((one) => one.endsWith(".json"))) {
      const text = await readFile(path.join(at.tmp, name), "utf8");
      const record = readable(text);
      // Cut off in the writing: its blob was not placed yet.
      if (record && (await readRecord(record.key))?.blob !== record.blob) orphans.push(record.blob);
    }
    return orphans;
  }

  async function* walk(folderPath: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(folderPath, { withFileTypes: true }).catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return [];
      throw error;
    });
    for (const entry of entries) {
      const full = path.join(folderPath, entry.name);
      if (entry.isDirectory()) yield* walk(full);
      else if (at.isRecord(entry.name)) {
        const text = await readFile(full, "utf8").catch(() => undefined);
        if (text !== undefined) yield stored(CommitRecord.parse(JSON.parse(text)));
      }
    }
  }

  async function* list(
    prefix: string,
    { after = "", limit = Number.POSITIVE_INFINITY } = {},
  ): AsyncGenerator<StoredObject> {
    const whole = prefix.split("/").slice(0, -1);
    const from = whole.length === 0 ? at.keys : at.record(whole.join("/")).slice(0, -3);
    const found: StoredObject[] = [];
    for await (const object of walk(from))
      if (object.key.startsWith(prefix) && Buffer.compare(Buffer.from(object.key), Buffer.from(after)) > 0)
        found.push(object);
    found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    yield* found.slice(0, limit);
  }

  return {
    bucket,
    secret: options.secret,
    blobRoot: at.blobs,
    put: (key, body, putOptions) => guarded(() => put(key, body, putOptions)),
    async head(key) {
      const record = await readRecord(key);
      return record && stored(record);
    },
    async read(key, range) {
      const { record, handle } = await open_(key);
      const start = range?.offset ?? 0;
      const end = range ? Math.min(range.offset + range.length, record.sizeBytes) - 1 : record.sizeBytes - 1;
      if (end < start) {
        await handle.close();
        return (async function* nothing() {})();
      }
      return createReadStream("", { fd: handle, start, end, highWaterMark: 256 * 1024 });
    },
    copyFrom: (source, sourceKey, key, copyOptions) =>
      guarded(async () => {
        requireKey(sourceKey);
        requireKey(key);
        const from = await ("locate" in source ? (source as FileObjectStore).locate(sourceKey) : undefined);
        if (!from) return put(key, await source.read(sourceKey), copyOptions);
        const blob = randomUUID();
        const { sizeBytes, etag } = from.record;
        const record = {
          key,
          blob,
          sizeBytes,
          etag,
          contentType: copyOptions.contentType,
          modifiedAt: new Date().toISOString(),
        };
        await commit(record, copyOptions.ifAbsent ?? false, () =>
          linkBlob(from.blobPath, blob).catch((error: unknown) => {
            throw isCode(error, "ENOENT") ? new ObjectNotFound(sourceKey) : error;
          }),
        );
        return stored(record);
      }),
    delete: dropRecord,
    list,
    async signGet(key, { until, contentType, downloadName }) {
      requireKey(key);
      return signUrl(options.publicUrl, options.secret, {
        method: "GET",
        bucket,
        key,
        untilSeconds: Math.floor(until.getTime() / 1000),
        contentType,
        downloadName,
      });
    },
    async signPut(key, { until, sizeBytes, contentType }) {
      requireKey(key);
      const url = signUrl(options.publicUrl, options.secret, {
        method: "PUT",
        bucket,
        key,
        untilSeconds: Math.floor(until.getTime() / 1000),
        contentType,
        sizeBytes,
      });
      return { url, method: "PUT", headers: { "content-type": contentType } };
    },
    async locate(key) {
      const record = await readRecord(key);
      return record && { record, blobPath: at.blob(record.blob) };
    },
    async recover() {
      for (const blob of await pendingBlobs()) await rm(at.blob(blob), { force: true });
      await rm(at.tmp, { recursive: true, force: true });
      made.delete(at.tmp);
    },
  };
}
