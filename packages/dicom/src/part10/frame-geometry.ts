import { number, text } from "../dataset/read-values.ts";
import { refusals } from "../errors.ts";
import type { DicomJson } from "../types.ts";

export type Geometry = { numberOfFrames: number; bitsAFrame: number };

const MOST_FRAMES = 1_000_000;
const MOST_BITS = 2 ** 40;

/** Samples a pixel as they lie in native data: 4:2:2 chroma is shared by two pixels. @see DICOM PS3.3 §C.7.6.3.1.2 */
const samplesStored = (samples: number, photometric: string | undefined) =>
  samples === 3 && photometric === "YBR_FULL_422" ? 2 : samples;

/**
 * How many bits a frame of native data takes, bounded before anything is allocated.
 *
 * @throws {DicomError} `DIMENSIONS_INVALID`
 */
export function geometryOf(dataset: DicomJson, bitsOverride?: number): Geometry {
  const rows = number(dataset, "00280010") ?? 0;
  const columns = number(dataset, "00280011") ?? 0;
  const samples = number(dataset, "00280002") ?? 1;
  const bits = bitsOverride ?? number(dataset, "00280100") ?? 0;
  const numberOfFrames = number(dataset, "00280008") ?? 1;
  const whole = [rows, columns, samples, bits, numberOfFrames];
  if (!whole.every((value) => Number.isSafeInteger(value) && value > 0)) throw refusals.dimensions();
  if (numberOfFrames > MOST_FRAMES || samples > 16 || bits > 64) throw refusals.dimensions();
  const bitsAFrame = rows * columns * samplesStored(samples, text(dataset, "00280004")) * bits;
  if (bitsAFrame > MOST_BITS) throw refusals.dimensions();
  return { numberOfFrames, bitsAFrame };
}
