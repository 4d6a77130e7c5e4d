import type { Types } from "@cornerstonejs/core";
import { createImage } from "@cornerstonejs/dicom-image-loader";
import { readPresentation, voiFunction } from "../pixels/presentation.ts";
import { keepWith } from "../pixels/presented.ts";
import { throughModalityLut } from "../pixels/through-modality-lut.ts";
import { whyNotPainted, whyNotShown } from "./decodable.ts";
import { addMetadata } from "./metadata.ts";
import { type Encoded, readEncoded, readSent } from "./read-encoded.ts";
import { acquired, computing, type Registered } from "./registry.ts";

export class CannotShow extends Error {
  readonly code = "CANNOT_SHOW";
}

const whyNot = ({ instance: { transferSyntaxUid, header } }: Registered): string | undefined =>
  whyNotShown(transferSyntaxUid, Number(header["00280100"]?.Value?.[0] ?? 8)) ?? whyNotPainted(header);

type Options = Record<string, unknown>;

async function decodedAs(
  imageId: string,
  { bytes, syntax }: Encoded,
  options: Options,
): Promise<Types.IImage> {
  // What one try leaves in the options is none of the next one's.
  const made = await createImage(imageId, bytes as never, syntax, { ...options } as never);
  return made as unknown as Types.IImage;
}

async function decoded(
  frame: Registered,
  read: Encoded,
  options: Options,
  signal: AbortSignal,
): Promise<Types.IImage> {
  try {
    return await decodedAs(frame.imageId, read, options);
  } catch (error) {
    if (!read.isPacked) throw error;
    return decodedAs(frame.imageId, await readSent(frame, signal), options);
  }
}

/** Cornerstone's loader of `weald:` ids: one range from the object store, decoded by its codecs in workers. */
export function loadWealdImage(imageId: string, options: Options = {}): Types.IImageLoadObject {
  const abort = new AbortController();
  async function load(): Promise<Types.IImage> {
    const compute = computing(imageId);
    if (compute) return (await compute()) as Types.IImage;
    const frame = acquired(imageId);
    if (!frame) throw new CannotShow("This image is not part of an open study.");
    const why = whyNot(frame);
    if (why) throw new CannotShow(why);
    const { instance, book } = frame;
    const { signal } = abort;
    const [read, presentation] = await Promise.all([
      readEncoded(frame, signal),
      readPresentation(book, instance, signal),
      addMetadata(book, instance, signal),
    ]);
    const image = await decoded(frame, read, options, signal);
    // A sigmoid's range is a line's; its curve is drawn by ourselves, for the library's reset fails on it.
    const how = voiFunction(instance.header, frame.frame);
    image.voiLUTFunction = (how === "SIGMOID" ? "LINEAR" : how) as never;
    keepWith(image, presentation);
    const { modality } = presentation;
    return modality ? throughModalityLut(image, modality, instance.header) : image;
  }
  return { promise: load(), cancelFn: () => abort.abort() };
}
