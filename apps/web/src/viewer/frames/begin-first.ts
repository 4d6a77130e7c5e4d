import type { FrameSource } from "../contract.ts";
import { readEarly } from "./read-encoded.ts";
import { acquired } from "./registry.ts";
import { libraryOf } from "./series-library.ts";

/**
 * Reads the first frame of the series that hangs first while the viewer still starts: the line is free meanwhile. Nobody has seen it by
 * that. What can't be had so is asked for by the viewer, which says why.
 */
export async function beginFirst(source: FrameSource, seriesId: string): Promise<void> {
  const read = await libraryOf(source)
    .series(seriesId)
    .catch(() => undefined);
  const frame = read?.frames[0] && acquired(read.frames[0].imageId);
  if (frame) readEarly(frame);
}
