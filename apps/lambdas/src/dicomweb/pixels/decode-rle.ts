import { PixelsUnreadable } from "./pixels-unreadable.ts";

const HEADER_BYTES = 64;

/** One segment, run by run, into every `step`-th byte. */
function unpackSegment(
  segment: Uint8Array,
  out: Uint8Array,
  { from, step, count }: { from: number; step: number; count: number },
): void {
  let [at, written] = [0, 0];
  while (at < segment.length && written < count) {
    const control = segment[at] ?? 128;
    at += 1;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    for (let index = 0; index < length && written < count; index += 1) {
      const byte = segment[isRun ? at : at + index];
      if (byte === undefined) throw new PixelsUnreadable("RLE ends too early");
      out[from + written * step] = byte;
      written += 1;
    }
    at += isRun ? 1 : length;
  }
  if (written < count) throw new PixelsUnreadable("RLE ends too early");
}

/** RLE Lossless into little endian samples, colours side by side. @see DICOM PS3.5 §G */
export function decodeRle(
  bytes: Uint8Array,
  samples: number,
  sampleBytes: number,
  pixels: number,
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES) throw new PixelsUnreadable("RLE without header");
  const count = view.getUint32(0, true);
  if (count !== samples * sampleBytes)
    throw new PixelsUnreadable("RLE with other segments than the image has");
  const out = new Uint8Array(pixels * samples * sampleBytes);
  for (let segment = 0; segment < count; segment += 1) {
    const start = view.getUint32(4 + segment * 4, true);
    const end = segment + 1 < count ? view.getUint32(8 + segment * 4, true) : bytes.length;
    if (start < HEADER_BYTES || end < start || end > bytes.length)
      throw new PixelsUnreadable("RLE with broken offsets");
    const sample = Math.floor(segment / sampleBytes);
    // The most significant byte comes first.
    const byte = sampleBytes - 1 - (segment % sampleBytes);
    unpackSegment(bytes.subarray(start, end), out, {
      from: sample * sampleBytes + byte,
      step: samples * sampleBytes,
      count: pixels,
    });
  }
  return out;
}
