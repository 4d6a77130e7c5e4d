import type { DicomJson, FrameLocator, PackedFrame, StaysCode } from "@weald/dicom";

/** One stored object whose frames are to be packed, and all that says how they are read. */
export type ToPack = {
  instanceId: string;
  objectKey: string;
  encoding: "plain";
  transferSyntaxUid: string;
  numberOfFrames: number;
  frames: FrameLocator[];
  /** Attributes of Image Pixel alone: what packs knows nobody's name. */
  header: DicomJson;
};

export type PackedInstance =
  | { instanceId: string; frames: PackedFrame[] }
  | { instanceId: string; stays: StaysCode };

/** What was written. Of no bytes: nothing, as no frame goes into a pack. */
export type Packed = { sizeBytes: number; sha256: string; instances: PackedInstance[] };

/**
 * Packs frames of what the archive holds into one object, where what reads pixels has no database (docs/adr/0011, 0027). Each frame
 * was unpacked again and found equal, and the object's bytes were read again, before it answers.
 *
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` where it can't be reached or died: ask again, for another key
 * @throws {PackDiffers} `PACK_DIFFERS` where the archive holds other bytes than were written
 */
export interface Packer {
  pack(instances: readonly ToPack[], key: string): Promise<Packed>;
}
