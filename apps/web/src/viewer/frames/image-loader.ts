import type { Types } from "@cornerstonejs/core";
import { createImage } from "@cornerstonejs/dicom-image-loader";
import { readPresentation } from "../pixels/presentation.ts";
import { throughModalityLut } from "../pixels/through-modality-lut.ts";
import { whyNotShown } from "./decodable.ts";
import { readFrame } from "./read-frame.ts";
import { registered } from "./registry.ts";

export class CannotShow extends Error {
  readonly code = "CANNOT_SHOW";
}

/** Cornerstone's loader of `weald:` ids: one range from the object store, decoded by its codecs in workers. */
export function loadWealdImage(
  imageId: string,
  options: Record<string, unknown> = {},
): Types.IImageLoadObject {
  const abort = new AbortController();
  async function load(): Promise<Types.IImage> {
    const frame = registered(imageId);
    if (!frame) throw new CannotShow("This image is not part of an open study.");
    const { instance, locator, book } = frame;
    const bitsAllocated = Number(instance.header["00280100"]?.Value?.[0] ?? 8);
    const why = whyNotShown(instance.transferSyntaxUid, bitsAllocated);
    if (why) throw new CannotShow(why);
    const [bytes, { modality }] = await Promise.all([
      readFrame(book, instance, locator, abort.signal),
      readPresentation(book, instance, abort.signal),
    ]);
    // A deflated data set is explicit little endian once it is inflated. @see DICOM PS3.5 §A.5
    const syntax = instance.encoding === "deflate" ? "1.2.840.10008.1.2.1" : instance.transferSyntaxUid;
    const made = await createImage(imageId, bytes as never, syntax, options as never);
    const image = made as unknown as Types.IImage;
    return modality ? throughModalityLut(image, modality) : image;
  }
  return { promise: load(), cancelFn: () => abort.abort() };
}
