import type { Front } from "@weald/adapters/front";
import { type DicomJsonAttribute, EXPLICIT_BIG, type FrameLocator, transferSyntaxOf } from "@weald/dicom";
import { DECODABLE } from "./pixels/decodable.ts";
import { runJob } from "./pixels/decoder-pool.ts";
import { type PictureWish, pictureOf } from "./pixels/picture-of.ts";
import { bytesAt, collect } from "./stored-bytes.ts";
import { type Framed, frameBytes } from "./transcode.ts";

export type DrawableFrame = Framed & { frames: FrameLocator[] };

async function valueBytes(
  archive: Front["archive"],
  instance: DrawableFrame,
  { InlineBinary, BulkDataURI }: DicomJsonAttribute,
) {
  if (InlineBinary !== undefined) return Buffer.from(InlineBinary, "base64");
  const [offset = 0, length = 0] = (BulkDataURI ?? "0:0").split(":").map(Number);
  const bytes = await collect(bytesAt(archive, instance, { offset, length }));
  return instance.transferSyntaxUid === EXPLICIT_BIG && bytes.length % 2 === 0 ? bytes.swap16() : bytes;
}

/**
 * One frame, drawn. `undefined` where it is no kind of picture that is drawn.
 *
 * @throws {PixelsUnreadable}
 */
export async function drawnFrame(
  archive: Front["archive"],
  instance: DrawableFrame,
  wish: PictureWish,
  frameNumber: number,
): Promise<Uint8Array | undefined> {
  const { transferSyntaxUid, header } = instance;
  const [frame] = instance.frames;
  const isWrapped = transferSyntaxOf(transferSyntaxUid).encapsulated;
  if (!frame || (isWrapped && !DECODABLE.has(transferSyntaxUid))) return undefined;
  const picture = await pictureOf(header, transferSyntaxUid, wish, (attribute) =>
    valueBytes(archive, instance, attribute),
  );
  if (!picture) return undefined;
  const bytes = isWrapped
    ? await collect(bytesAt(archive, instance, frame))
    : await frameBytes(archive, instance, frame, frameNumber);
  // What is unpacked has its colours side by side.
  const drawn = isWrapped ? { ...picture, pixels: { ...picture.pixels, isPlanar: false } } : picture;
  return runJob({
    frame: bytes,
    transferSyntaxUid,
    pixels: picture.pixels,
    isNative: !isWrapped,
    picture: drawn,
  });
}
