import { type DicomJson, isImageClass, number, text, texts } from "@weald/dicom";

/** Machines that write nothing into the pixels of what they make. */
const WRITES_NOTHING = new Set(["CT", "MR", "PT", "DX", "CR", "MG"]);
const SECONDARY_CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;
const DRAWN = new Set(["SECONDARY", "SCREEN SAVE", "SCREENSHOT"]);

/**
 * Whether text in the pixels may tell where an image was made: it says so, or doesn't say and is of a kind that has some. What a
 * person checked says NO, by a correction of Burned In Annotation (0028,0301).
 */
export function mayShowText(header: DicomJson): boolean {
  const stated = text(header, "00280301");
  if (stated !== undefined) return stated !== "NO";
  return (
    SECONDARY_CAPTURE.test(text(header, "00080016") ?? "") ||
    !WRITES_NOTHING.has(text(header, "00080060") ?? "") ||
    texts(header, "00080008").some((one) => DRAWN.has(one))
  );
}

/** Frames of one bit a pixel that end within a byte share it with the next: they can't be laid out one by one. */
export const sharesBytes = (header: DicomJson): boolean => {
  const [bits, rows, columns] = ["00280100", "00280010", "00280011"].map((tag) => number(header, tag));
  return bits === 1 && ((rows ?? 0) * (columns ?? 0)) % 8 !== 0;
};

/** Only pictures go out masked: documents are text, and text can't be checked. */
export const isShareable = (header: DicomJson, frames: number): boolean =>
  frames > 0 &&
  isImageClass(text(header, "00080016") ?? "") &&
  !mayShowText(header) &&
  !(frames > 1 && sharesBytes(header));
