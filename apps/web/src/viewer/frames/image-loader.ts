import type { Types } from "@cornerstonejs/core";
import { createImage } from "@cornerstonejs/dicom-image-loader";
import type { Header, ViewerInstance } from "../contract.ts";
import { number, text } from "../header.ts";
import { rgbOf422 } from "../pixels/native-422.ts";
import { readPresentation, voiFunction } from "../pixels/presentation.ts";
import { keepWith } from "../pixels/presented.ts";
import { onlyStoredBits } from "../pixels/stored-bits.ts";
import { throughModalityLut } from "../pixels/through-modality-lut.ts";
import { whyNotPainted, whyNotShown } from "./decodable.ts";
import { addMetadata } from "./metadata.ts";
import { readFrame } from "./read-frame.ts";
import { acquired, computing } from "./registry.ts";

export class CannotShow extends Error {
  readonly code = "CANNOT_SHOW";
}

const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const NATIVE = new Set(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", BIG_ENDIAN]);

function storedBits(header: Header) {
  const of = (tag: string, otherwise: number) => number(header, tag) ?? otherwise;
  const allocated = of("00280100", 8);
  const stored = of("00280101", allocated);
  return { allocated, stored, highBit: of("00280102", stored - 1), isSigned: of("00280103", 0) === 1 };
}

function ofNative(bytes: Uint8Array, { header, transferSyntaxUid }: ViewerInstance): Uint8Array {
  if (text(header, "00280004") === "YBR_FULL_422") return rgbOf422(bytes);
  return onlyStoredBits(bytes, storedBits(header), transferSyntaxUid === BIG_ENDIAN);
}

/** Cornerstone's loader of `weald:` ids: one range from the object store, decoded by its codecs in workers. */
export function loadWealdImage(
  imageId: string,
  options: Record<string, unknown> = {},
): Types.IImageLoadObject {
  const abort = new AbortController();
  async function load(): Promise<Types.IImage> {
    const compute = computing(imageId);
    if (compute) return (await compute()) as Types.IImage;
    const frame = acquired(imageId);
    if (!frame) throw new CannotShow("This image is not part of an open study.");
    const { instance, locator, book } = frame;
    const bitsAllocated = Number(instance.header["00280100"]?.Value?.[0] ?? 8);
    const why = whyNotShown(instance.transferSyntaxUid, bitsAllocated);
    if (why) throw new CannotShow(why);
    const unpainted = whyNotPainted(instance.header);
    if (unpainted) throw new CannotShow(unpainted);
    const [read, presentation] = await Promise.all([
      readFrame(book, instance, locator, abort.signal),
      readPresentation(book, instance, abort.signal),
      addMetadata(book, instance, abort.signal),
    ]);
    const bytes = NATIVE.has(instance.transferSyntaxUid) ? ofNative(read, instance) : read;
    // A deflated data set is explicit little endian once it is inflated. @see DICOM PS3.5 §A.5
    const syntax = instance.encoding === "deflate" ? "1.2.840.10008.1.2.1" : instance.transferSyntaxUid;
    const made = await createImage(imageId, bytes as never, syntax, options as never);
    const image = made as unknown as Types.IImage;
    // A sigmoid's range is a line's; its curve is drawn by ourselves, for the library's reset fails on it.
    const how = voiFunction(instance.header, frame.frame);
    image.voiLUTFunction = (how === "SIGMOID" ? "LINEAR" : how) as never;
    keepWith(image, presentation);
    const { modality } = presentation;
    return modality ? throughModalityLut(image, modality, instance.header) : image;
  }
  return { promise: load(), cancelFn: () => abort.abort() };
}
