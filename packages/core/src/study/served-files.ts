import { randomBytes } from "node:crypto";
import { DicomError, type DicomJson, directoryKeysOf, serveObject } from "@weald/dicom";
import pMap from "p-map";
import type { Ctx, Tx } from "../kernel/index.ts";
import { findPage, type Served } from "./find-retrieved.ts";
import { grantAt } from "./grant.ts";
import { applyOverlays } from "./overlay.ts";
import type { StudyFacts } from "./reading-access.ts";
import { findScope, headerOf } from "./retrieving.store.ts";
import { signShare } from "./share-frames.ts";

/**
 * Whole files as they are served, for who builds something of them elsewhere: their pixels go straight from the store to the
 * reader. What was corrected comes as a new beginning, made here, and the rest of what is stored.
 */
export type FilesAsked = {
  seriesInstanceUid?: string | undefined;
  after?: string | undefined;
  servedVersion?: number | undefined;
};
const AT_ONCE = 50;
const HEADER_BYTES = 2 * 1024 * 1024;
/** Nothing is in this syntax: where the pixels begin is wanted of all. */
const ALL_SYNTAXES = ["none"];

/** How many there are, and how much, before the first is asked for. */
export async function countFiles(tx: Tx, { study }: StudyFacts, { seriesInstanceUid }: FilesAsked) {
  const of = { studyId: study.id, seriesInstanceUid, sopInstanceUid: undefined };
  const { count, storedBytes } = await findScope(tx, of, "stored");
  return { count, storedBytes };
}

export type FoundFile = {
  served: Served;
  changed: DicomJson | undefined;
  pixelsOffset: number | undefined;
  directory: DicomJson;
};

function foundOf(served: Served): FoundFile {
  const { row, overlays } = served;
  return {
    served,
    changed: served.changed(),
    pixelsOffset: row.frames?.[0]?.offset,
    directory: directoryKeysOf(applyOverlays(headerOf(row), overlays), row.sopClassUid),
  };
}

/** The next page of files. @throws {Conflict} `SERIES_CHANGED`, `STUDY_CORRECTED` @throws {NotFound} `NOT_FOUND` */
export async function findFiles(tx: Tx, copy: StudyFacts, asked: FilesAsked) {
  const { studyInstanceUid } = copy.study;
  const { found, instances } = await findPage(
    tx,
    { studyInstanceUid, ...asked },
    { held: copy, copy, others: [] },
    {
      limit: AT_ONCE,
      headerBytes: HEADER_BYTES,
      withHeaders: "all",
      framesUnless: ALL_SYNTAXES,
      sizes: "stored",
    },
  );
  return { files: instances.map(foundOf), next: found.next, servedVersion: found.servedVersion };
}

/** `head`, in base64, stands before the bytes at `url` from `from` on. They are `length` bytes. */
type Bytes = { url: string; head?: string; from: number; length: number };
export type ServedFile = Bytes & {
  instanceId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  isCorrected: boolean;
  /** What a DICOMDIR says of it. */
  directory: DicomJson;
};

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function lengthOf(source: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of source) length += chunk.length;
  return length;
}

async function* servedFrom(
  { service }: Ctx,
  { served: { row }, changed = {} }: FoundFile,
  end: number | undefined,
): AsyncGenerator<Uint8Array> {
  const { transferSyntaxUid, sopClassUid, sopInstanceUid, objectKey } = row;
  const span = end === undefined ? undefined : { offset: 0, length: end };
  const source = await service.ports.archive.read(objectKey, span);
  yield* serveObject(source, { transferSyntaxUid, sopClassUid, sopInstanceUid, changed });
}

/** Fifty of them, in base64, fit an answer. */
const MOST_HEAD_BYTES = 64 * 1024;

/** What stands before the pixels, as it is served. `undefined`: that isn't all that differs from what is stored. */
async function headOf(ctx: Ctx, file: FoundFile): Promise<Buffer | undefined> {
  const { pixelsOffset, served } = file;
  if (pixelsOffset === undefined || served.row.encoding === "deflate") return undefined;
  try {
    const head = await collect(servedFrom(ctx, file, pixelsOffset));
    return head.length > MOST_HEAD_BYTES ? undefined : head;
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** A deflated object, a document, an object whose pixels are coded otherwise than they say: written whole beside the archive. */
async function writtenWhole(ctx: Ctx, file: FoundFile): Promise<Bytes> {
  const objectKey = randomBytes(20).toString("hex");
  const length = await lengthOf(servedFrom(ctx, file, undefined));
  await ctx.service.ports.shares.put(objectKey, servedFrom(ctx, file, undefined), {
    contentType: "application/dicom",
    sizeBytes: length,
  });
  return { url: await signShare(ctx, { objectKey }), from: 0, length };
}

async function bytesOf(ctx: Ctx, file: FoundFile): Promise<Bytes> {
  const { objectKey, sizeBytes, hasMetaHeader } = file.served.row;
  const isAsItLies = hasMetaHeader && !file.changed;
  const head = isAsItLies ? undefined : await headOf(ctx, file);
  if (!isAsItLies && !head) return writtenWhole(ctx, file);
  const grant = { ...grantAt(ctx.service.now()), contentType: "application/dicom" };
  const url = await ctx.service.ports.archive.signGet(objectKey, grant);
  const from = head ? (file.pixelsOffset ?? 0) : 0;
  return { url, from, length: sizeBytes - from, ...(head ? { head: head.toString("base64") } : {}) };
}

const READ_AT_ONCE = 8;

/** After the commit: where the bytes of each are to be had for the next half minute. */
export const signFiles = (ctx: Ctx, files: readonly FoundFile[]): Promise<ServedFile[]> =>
  pMap(
    files,
    async (file) => {
      const { id, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid } = file.served.row;
      return {
        ...{ instanceId: id, seriesInstanceUid, sopInstanceUid, sopClassUid, transferSyntaxUid },
        isCorrected: file.changed !== undefined,
        directory: file.directory,
        ...(await bytesOf(ctx, file)),
      };
    },
    { concurrency: READ_AT_ONCE },
  );
