import type { DicomJson, FrameLocator } from "@weald/dicom";

const NUMBER_OF_FRAMES = "00280008";
const PER_FRAME = "52009230";
/** Of all frames, in their order: what they say of some of them would be wrong. */
const BY_FRAME = ["00181065", "00280009", "00082142", "00082143"];

/** Some frames of an image, counted from 1, and the header that says so. None, where one of them isn't there. */
export function narrowFrames(
  header: DicomJson,
  frames: readonly FrameLocator[],
  wanted: readonly number[],
): { header: DicomJson; frames: FrameLocator[] } | undefined {
  if (wanted.length === 0) return { header, frames: [...frames] };
  const chosen = wanted.flatMap((number) => frames[number - 1] ?? []);
  if (chosen.length !== wanted.length) return undefined;
  const kept = Object.fromEntries(Object.entries(header).filter(([tag]) => !BY_FRAME.includes(tag)));
  const groups = header[PER_FRAME]?.Value;
  return {
    frames: chosen,
    header: {
      ...kept,
      ...(header[NUMBER_OF_FRAMES]
        ? { [NUMBER_OF_FRAMES]: { vr: "IS", Value: [String(chosen.length)] } }
        : {}),
      ...(groups
        ? { [PER_FRAME]: { vr: "SQ", Value: wanted.map((number) => groups[number - 1] ?? {}) } }
        : {}),
    },
  };
}
