import { isNative, ofNative } from "./native.ts";
import { readFrame } from "./read-frame.ts";
import { HTJ2K_RPCL, readPacked } from "./read-packed.ts";
import type { Registered } from "./registry.ts";

export type Encoded = { bytes: Uint8Array; syntax: string; isPacked: boolean };

/** The frame as it was sent. */
export async function readSent(
  { book, instance, locator }: Registered,
  signal: AbortSignal,
): Promise<Encoded> {
  const read = await readFrame(book, instance, locator, signal);
  const bytes = isNative(instance.transferSyntaxUid) ? ofNative(read, instance) : read;
  // A deflated data set is explicit little endian once it is inflated. @see DICOM PS3.5 §A.5
  const syntax = instance.encoding === "deflate" ? "1.2.840.10008.1.2.1" : instance.transferSyntaxUid;
  return { bytes, syntax, isPacked: false };
}

/** From its pack, whole; where that is withdrawn or can't be had, as it was sent. */
async function readNow(frame: Registered, signal: AbortSignal): Promise<Encoded> {
  try {
    const bytes = await readPacked(frame, signal);
    if (bytes) return { bytes, syntax: HTJ2K_RPCL, isPacked: true };
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return readSent(frame, signal);
}

type Early = { imageId: string; reading: Promise<Encoded | undefined>; stop(): void };
let early: Early | undefined;

/**
 * Begins to read a frame before there is anything that shows it. One at a time: whoever asks for it first has it, and the next one that is
 * begun takes its place.
 */
export function readEarly(frame: Registered): void {
  const left = new AbortController();
  // What fails is read again by whoever shows it, and says why.
  const reading = readNow(frame, left.signal).catch(() => undefined);
  early = { imageId: frame.imageId, reading, stop: () => left.abort() };
}

/** One frame, as it was begun early, or read now. */
export async function readEncoded(frame: Registered, signal: AbortSignal): Promise<Encoded> {
  const begun = early?.imageId === frame.imageId ? early : undefined;
  if (begun) {
    early = undefined;
    signal.addEventListener("abort", begun.stop, { once: true });
  }
  return (await begun?.reading) ?? readNow(frame, signal);
}
