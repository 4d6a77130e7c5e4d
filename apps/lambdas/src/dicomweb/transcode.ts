import type { Front } from "@weald/adapters/front";
import type { Retrieved, RetrievedFrames } from "@weald/core/study";
import { EXPLICIT_BIG, type FrameLocator, swapWords, transferSyntaxOf } from "@weald/dicom";
import { bytesAt, collect } from "./stored-bytes.ts";

/** Whether pixels of this object can be given in Explicit VR Little Endian. */
export const canDecode = ({ transferSyntaxUid }: Pick<Retrieved, "transferSyntaxUid">): boolean =>
  !transferSyntaxOf(transferSyntaxUid).encapsulated;

type Framed = Pick<
  RetrievedFrames,
  "objectKey" | "encoding" | "transferSyntaxUid" | "header" | "pixelsOffset"
>;

/** How long a frame is as it goes out. */
export function frameLength(_instance: Framed, frame: FrameLocator, _isDecoded: boolean): number {
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

/** A native frame in little endian. */
export async function* frameBytes(
  archive: Front["archive"],
  instance: Framed,
  frame: FrameLocator,
): AsyncGenerator<Uint8Array> {
  const isSwapped = instance.transferSyntaxUid === EXPLICIT_BIG && (await isInWords(archive, instance));
  if (!isSwapped) {
    yield* bytesAt(archive, instance, frame);
    return;
  }
  // A frame may begin inside a word that it shares with the one before.
  const from = frame.offset - ((frame.offset - (instance.pixelsOffset ?? 0)) % 2);
  const to = frame.offset + frame.length + ((frame.offset + frame.length - from) % 2);
  const words = await collect(await archive.read(instance.objectKey, { offset: from, length: to - from }));
  yield swapWords(words, 2).subarray(frame.offset - from, frame.offset - from + frame.length);
}
