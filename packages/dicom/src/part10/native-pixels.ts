import { createHash } from "node:crypto";
import { refusals } from "../errors.ts";
import type { Deviation, FrameLocator, PixelData } from "../types.ts";
import type { PixelStart } from "./element-reader.ts";
import type { Geometry } from "./frame-geometry.ts";

/** Takes the bytes behind the header and says where the frames are. `push` may be fed in any chunks. */
export interface PixelScanner {
  push(chunk: Uint8Array): void;
  finish(): { pixels: PixelData; deviations: Deviation[] };
}

function framesOf(offset: number, { numberOfFrames, bitsAFrame }: Geometry): FrameLocator[] {
  // One-bit frames are packed without a gap: a frame may begin inside a byte that it shares with the one before.
  return Array.from({ length: numberOfFrames }, (_, index) => {
    const from = Math.floor((index * bitsAFrame) / 8);
    const to = Math.ceil(((index + 1) * bitsAFrame) / 8);
    return { offset: offset + from, length: to - from };
  });
}

/** Native pixels: frames of one size, one behind the other. @see DICOM PS3.5 §8.1.1 */
export function nativeScanner(start: PixelStart, geometry: Geometry): PixelScanner {
  const hash = createHash("sha256");
  const stated = start.length ?? 0;
  const needed = Math.ceil((geometry.numberOfFrames * geometry.bitsAFrame) / 8);
  if (stated < needed)
    throw geometry.numberOfFrames > 1 && stated >= geometry.bitsAFrame / 8
      ? refusals.frameCount()
      : refusals.pixelsTruncated();
  let seen = 0;
  return {
    push(chunk) {
      if (seen < needed) hash.update(chunk.subarray(0, Math.min(chunk.length, needed - seen)));
      seen += chunk.length;
    },
    finish() {
      if (seen < needed) throw refusals.pixelsTruncated();
      const deviations =
        stated > needed + 1
          ? [
              {
                code: "PIXEL_DATA_TOO_LONG",
                message: "There is more pixel data than the frames need; the rest is not shown.",
              },
            ]
          : [];
      const pixels: PixelData = {
        tag: start.tag === "7FE00008" || start.tag === "7FE00009" ? start.tag : "7FE00010",
        encapsulated: false,
        numberOfFrames: geometry.numberOfFrames,
        frames: framesOf(start.offset, geometry),
        sha256: hash.digest("hex"),
      };
      return { pixels, deviations };
    },
  };
}
