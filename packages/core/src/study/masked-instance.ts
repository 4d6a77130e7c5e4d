import type { DicomJson, FrameLocator } from "@weald/dicom";
import { isShareable } from "./burned-in.ts";
import { maskedHeader, maskedUid, type SiteMask } from "./mask-header.ts";
import { layOutShare, type ShareObject } from "./share-frames.ts";

export type Maskable = {
  objectKey: string;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  frames: readonly FrameLocator[];
  sopInstanceUid: string;
  /** As it is served. */
  header: DicomJson;
};

/** `header`: its long values are spans of the share object. */
export type MaskedInstance = { sopInstanceUid: string; header: DicomJson; share: ShareObject };

/** All masked readers of an image get the same. */
const SCOPE = "site";

/** An image as a masked reader gets it. `undefined`: it is withheld, as text in it may tell the site, or it is no image. */
export function maskedInstance(mask: SiteMask, instance: Maskable): MaskedInstance | undefined {
  const { header: served, frames, sopInstanceUid, ...source } = instance;
  if (!isShareable(served, frames.length)) return undefined;
  const header = maskedHeader(served, mask);
  try {
    const share = layOutShare(mask.secret, { scope: SCOPE, header, source: { ...source, frames } });
    return { sopInstanceUid: maskedUid(mask, sopInstanceUid), header: share.dataset, share };
  } catch (error) {
    // A value that doesn't fit the syntax it came in: what can't be written isn't given out in part.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
