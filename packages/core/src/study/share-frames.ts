import { createHash, createHmac } from "node:crypto";
import { type DicomJson, type FrameLocator, type LaidPiece, layOutObject, unpackObject } from "@weald/dicom";
import pMap from "p-map";
import type { Ctx } from "../kernel/index.ts";
import type { ObjectStore } from "../ports/index.ts";
import { grantAt } from "./grant.ts";

/**
 * Share objects: what goes out where a grant is narrower than what is stored (docs/adr/0017). Each is a Part 10 file under a
 * random key with the frames granted, as stored, behind an allow-listed header; no URL is ever made of anything else.
 */
export type Source = {
  objectKey: string;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  frames: readonly FrameLocator[];
};

export type FramesGranted = {
  /** For whom: one key for all to whom the same goes out, a key of its own for each grant to somebody outside. */
  scope: string;
  /** All that the grantee may know of the header. Long values are spans of the source. */
  header: DicomJson;
  source: Source;
};

/** What a share object will be. The same grant of the same frames and header has the same key, so it is written once. */
export type ShareObject = {
  objectKey: string;
  sizeBytes: number;
  transferSyntaxUid: string;
  frames: FrameLocator[];
  /** Its header; long values are spans of it. */
  dataset: DicomJson;
  pieces: readonly LaidPiece[];
  source: Pick<Source, "objectKey" | "encoding">;
};

function digestOf({ pieces, source }: Pick<ShareObject, "pieces" | "source">): string {
  const hash = createHash("sha256").update(source.objectKey);
  for (const piece of pieces)
    hash.update(piece instanceof Uint8Array ? piece : `|${piece.offset}:${piece.length}|`);
  return hash.digest("hex");
}

/** Pure: nothing is read or written. @throws {RangeError} for a header that can't be written in the stored syntax */
export function layOutShare(secret: string, { scope, header, source }: FramesGranted): ShareObject {
  const { transferSyntaxUid, frames } = source;
  const layout = layOutObject({ dataset: header, frames, transferSyntaxUid });
  const laid = { ...layout, source: { objectKey: source.objectKey, encoding: source.encoding } };
  const name = createHmac("sha256", secret)
    .update(`share|${scope}|${digestOf(laid)}`)
    .digest("hex");
  return { ...laid, objectKey: name.slice(0, 40) };
}

/** Frames that lie near each other are read in one go. */
const NEAR_BYTES = 256 * 1024;

/** Spans of an object, mostly in order, by as few reads as may be and in bounded memory. */
function spansOf(archive: ObjectStore, { objectKey, encoding }: ShareObject["source"], end: number) {
  let stream: AsyncIterator<Uint8Array> | undefined;
  let [at, left]: [number, Uint8Array] = [0, new Uint8Array()];
  async function open(offset: number): Promise<void> {
    await stream?.return?.();
    const isDeflated = encoding === "deflate";
    const bytes = isDeflated
      ? unpackObject(await archive.read(objectKey))
      : await archive.read(objectKey, { offset, length: end - offset });
    [stream, at, left] = [bytes[Symbol.asyncIterator](), isDeflated ? 0 : offset, new Uint8Array()];
  }
  async function more(): Promise<void> {
    const next = await stream?.next();
    if (!next || next.done) throw new RangeError("the stored object ends too early");
    left = next.value;
  }
  return {
    async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
      const isFar = offset < at || (encoding === "plain" && offset - at > NEAR_BYTES);
      if (!stream || isFar) await open(offset);
      for (const until = offset + length; at < until; ) {
        if (left.length === 0) await more();
        const taken = left.subarray(0, (at < offset ? offset : until) - at);
        if (at >= offset) yield taken;
        at += taken.length;
        left = left.subarray(taken.length);
      }
    },
    close: async () => {
      await stream?.return?.();
    },
  };
}

async function* bytesOf(archive: ObjectStore, { pieces, source }: ShareObject): AsyncGenerator<Uint8Array> {
  const ends = pieces.map((piece) => (piece instanceof Uint8Array ? 0 : piece.offset + piece.length));
  const spans = spansOf(
    archive,
    source,
    ends.reduce((a, b) => Math.max(a, b), 0),
  );
  try {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* spans.read(piece.offset, piece.length);
    }
  } finally {
    await spans.close();
  }
}

/** Younger than this nothing is swept; older than half of it, it is written again before it is signed. */
export const SHARE_HOURS = 24;
const FRESH_MS = (SHARE_HOURS / 2) * 3_600_000;
const AT_ONCE = 4;

async function shareOne({ service }: Ctx, share: ShareObject): Promise<void> {
  const { shares, archive } = service.ports;
  const held = await shares.head(share.objectKey);
  if (held && service.now().getTime() - held.modifiedAt.getTime() < FRESH_MS) return;
  const { sizeBytes } = share;
  await shares.put(share.objectKey, bytesOf(archive, share), { contentType: "application/dicom", sizeBytes });
}

async function copyOne({ service }: Ctx, { sourceKey, objectKey }: PictureShare): Promise<void> {
  const { shares, archive } = service.ports;
  const held = await shares.head(objectKey);
  if (held && service.now().getTime() - held.modifiedAt.getTime() < FRESH_MS) return;
  await shares.copyFrom(archive, sourceKey, objectKey, { contentType: "image/jpeg" });
}

/** A small picture, under a key of the grant's own. */
export type PictureShare = { sourceKey: string; objectKey: string };

/** Copies small pictures to where a grant may sign them: the key that staff see them by is never signed for anybody else. */
export const writePictureShares = async (ctx: Ctx, all: Iterable<PictureShare>): Promise<void> => {
  await pMap(all, (picture) => copyOne(ctx, picture), { concurrency: AT_ONCE });
};

/** Writes what isn't there. For `after`: the waist's transaction has no ports. */
export const writeShares = async (ctx: Ctx, all: Iterable<ShareObject>): Promise<void> => {
  await pMap(all, (share) => shareOne(ctx, share), { concurrency: AT_ONCE });
};

/** A short-lived URL of a share object, for whoever was granted it just now. */
export function signShare(
  { service }: Ctx,
  { objectKey }: Pick<ShareObject, "objectKey">,
  more: { contentType?: "application/dicom" | "image/jpeg"; downloadName?: string } = {},
): Promise<string> {
  const grant = grantAt(service.now());
  return service.ports.shares.signGet(objectKey, { ...grant, contentType: "application/dicom", ...more });
}
