import type { DicomJson, FrameLocator } from "@weald/dicom";

/** One frame of a stored object, and all that says how it is drawn. */
export type Drawable = {
  objectKey: string;
  encoding: "plain" | "deflate";
  transferSyntaxUid: string;
  numberOfFrames: number;
  /** Counts from 1. */
  frameNumber: number;
  frame: FrameLocator;
  /** Where the first frame lies. */
  pixelsOffset: number;
  header: DicomJson;
};

/** `not-drawn`: no kind of picture that is drawn. `unreadable`: its pixels can't be unpacked, or aren't where they should be. */
export type Drawn = { sizeBytes: number } | { failed: "not-drawn" | "unreadable" };

/**
 * Draws small pictures of what the archive holds, where what reads pixels has no database (docs/adr/0011): at most 20 KB of
 * JPEG, reduced, for looking up and never for reading.
 *
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` where it can't be reached: ask again
 */
export interface Pictures {
  /** Writes the picture to `key` of the archive. The same picture under the same key may be drawn again. */
  draw(drawable: Drawable, key: string): Promise<Drawn>;
}
