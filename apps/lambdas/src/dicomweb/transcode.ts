import type { Front } from "@weald/adapters/front";
import type { Retrieved, RetrievedFrames } from "@weald/core/study";
import {
  type DecodedPixels,
  type DicomJson,
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  type FrameLocator,
  number,
  swapWords,
  text,
  transferSyntaxOf,
} from "@weald/dicom";
import { DECODABLE } from "./pixels/decodable.ts";
import { runJob } from "./pixels/decoder-pool.ts";
import { decodedPhotometric, frameSize, type PixelModule, pixelModuleOf } from "./pixels/pixel-module.ts";
import { PixelsUnreadable } from "./pixels/pixels-unreadable.ts";
import { bytesAt, collect } from "./stored-bytes.ts";

type Syntax = Pick<Retrieved, "transferSyntaxUid" | "numberOfFrames">;
/** An object whose frames are read, as far as that needs it. */
export type Framed = Pick<
  RetrievedFrames,
  "objectKey" | "encoding" | "transferSyntaxUid" | "numberOfFrames" | "header" | "pixelsOffset"
>;

/** Whether an object can be given in Explicit VR Little Endian, as far as its syntax and its pixels' attributes say. */
export function canDecode({ transferSyntaxUid, numberOfFrames }: Syntax, pixels: DicomJson): boolean {
  if (!transferSyntaxOf(transferSyntaxUid).encapsulated || numberOfFrames === 0) return true;
  return DECODABLE.has(transferSyntaxUid) && pixelModuleOf(pixels) !== undefined;
}

const isEncapsulated = ({ transferSyntaxUid }: { transferSyntaxUid: string }) =>
  transferSyntaxOf(transferSyntaxUid).encapsulated;

/** How long a frame is as it goes out. */
export function frameLength(instance: Framed, frame: FrameLocator, isDecoded: boolean): number {
  const pixels = isDecoded && isEncapsulated(instance) ? pixelModuleOf(instance.header) : undefined;
  if (pixels) return frameSize(pixels);
  return (frame.fragments ?? [frame]).reduce((sum, { length }) => sum + length, 0);
}

/** The VR of native pixels stands before them: 8-bit pixels in OW words are turned round too. */
async function isInWords(
  archive: Front["archive"],
  { objectKey, pixelsOffset = 0 }: Framed,
): Promise<boolean> {
  const head = await collect(await archive.read(objectKey, { offset: pixelsOffset - 12, length: 12 }));
  return head.subarray(4, 6).toString("latin1") === "OW";
}

async function turnedFrame(
  archive: Front["archive"],
  instance: Framed,
  frame: FrameLocator,
): Promise<Buffer> {
  // A frame may begin inside a word that it shares with the one before.
  const from = frame.offset - ((frame.offset - (instance.pixelsOffset ?? 0)) % 2);
  const to = frame.offset + frame.length;
  const length = to - from + ((to - from) % 2);
  const words = await collect(await archive.read(instance.objectKey, { offset: from, length }));
  return swapWords(words, 2).subarray(frame.offset - from, to - from);
}

/** One-bit frames lie packed without a gap: one that begins inside a byte is moved to its edge. */
function aligned(bytes: Buffer, bits: number, shift: number): Buffer {
  if (shift === 0) return bytes;
  const out = Buffer.alloc(Math.ceil(bits / 8));
  for (let at = 0; at < out.length; at += 1)
    out[at] = ((bytes[at] ?? 0) >> shift) | (((bytes[at + 1] ?? 0) << (8 - shift)) & 0xff);
  return out;
}

/** Frames of one bit a pixel lie without a gap, so that each is cut out by bits. */
export const isOneBit = (instance: Framed): boolean =>
  number(instance.header, "00280100") === 1 && !isEncapsulated(instance);

/** A native frame in little endian. `frameNumber` counts from 1. */
async function nativeFrame(
  archive: Front["archive"],
  instance: Framed,
  frame: FrameLocator,
  frameNumber: number,
): Promise<Buffer> {
  const isTurned = instance.transferSyntaxUid === EXPLICIT_BIG && (await isInWords(archive, instance));
  const bytes = isTurned
    ? await turnedFrame(archive, instance, frame)
    : await collect(bytesAt(archive, instance, frame));
  if (!isOneBit(instance)) return bytes;
  const bits = (number(instance.header, "00280010") ?? 0) * (number(instance.header, "00280011") ?? 0);
  return aligned(bytes, bits, ((frameNumber - 1) * bits) % 8);
}

const unpacked = async (
  archive: Front["archive"],
  stored: Pick<Retrieved, "objectKey" | "encoding" | "transferSyntaxUid">,
  frame: FrameLocator,
  pixels: PixelModule,
): Promise<Uint8Array> =>
  runJob({
    frame: await collect(bytesAt(archive, stored, frame)),
    transferSyntaxUid: stored.transferSyntaxUid,
    pixels,
    isNative: false,
  });

/** A frame in Explicit VR Little Endian. @throws {PixelsUnreadable} */
export async function frameBytes(
  archive: Front["archive"],
  instance: Framed,
  frame: FrameLocator,
  frameNumber: number,
): Promise<Uint8Array> {
  if (!isEncapsulated(instance)) return nativeFrame(archive, instance, frame, frameNumber);
  const pixels = pixelModuleOf(instance.header);
  if (!pixels) throw new PixelsUnreadable("rows, columns or bits make no picture");
  return unpacked(archive, instance, frame, pixels);
}

/** What the header says of pixels once they are unpacked. @see DICOM PS3.5 §8.2; PS3.3 §C.7.6.1.1.5 (lossy compression stays told) */
function changedBy({ transferSyntaxUid, coded }: Retrieved, pixels: PixelModule): DicomJson {
  const isLossy = transferSyntaxOf(transferSyntaxUid).lossy && !text(coded?.pixels ?? {}, "00282110");
  return {
    "00280004": { vr: "CS", Value: [decodedPhotometric(pixels, transferSyntaxUid)] },
    ...(pixels.samples > 1 ? { "00280006": { vr: "US", Value: [0] } } : {}),
    ...(isLossy ? { "00282110": { vr: "CS", Value: ["01"] } } : {}),
  };
}

export type Decoded = { headLength: number; changed: DicomJson; pixels: DecodedPixels };

/** An object's frames unpacked one after the other, and what its header then says. @throws {PixelsUnreadable} */
export async function decodedObject(archive: Front["archive"], instance: Retrieved): Promise<Decoded> {
  const { coded } = instance;
  const pixels = coded && pixelModuleOf(coded.pixels);
  const [first, ...others] = coded?.frames ?? [];
  if (!pixels || !first) throw new PixelsUnreadable("rows, columns or bits make no picture");
  // The first before anything is said: what can't be unpacked is refused, not cut off.
  const head = await unpacked(archive, instance, first, pixels);
  async function* frames(of: PixelModule): AsyncGenerator<Uint8Array> {
    yield head;
    for (const frame of others) yield await unpacked(archive, instance, frame, of);
  }
  return {
    headLength: first.offset,
    changed: changedBy(instance, pixels),
    pixels: {
      vr: pixels.bitsAllocated > 8 ? "OW" : "OB",
      lengthBytes: frameSize(pixels) * (others.length + 1),
      frames: frames(pixels),
    },
  };
}

export const isUnpackedFor = (instance: Retrieved, transferSyntaxUid: string): boolean =>
  transferSyntaxUid === EXPLICIT_LITTLE && isEncapsulated(instance) && instance.numberOfFrames > 0;
