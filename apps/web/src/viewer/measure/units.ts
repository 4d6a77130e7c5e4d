import type { Header } from "../contract.ts";
import { items, number, text } from "../header.ts";

/** Pixel Value Transformation of enhanced objects: of the frame, else shared. @see DICOM PS3.3 §C.7.6.16.2.9 */
function transformation(header: Header, frame: number): Header {
  const perFrame = items(header, "52009230")[frame - 1];
  const [shared] = items(header, "52009229");
  for (const group of [perFrame, shared]) {
    const [found] = group ? items(group, "00289145") : [];
    if (found) return found;
  }
  return header;
}

/** Rescale Type may be left out where it is HU; a localizer's is not. @see DICOM PS3.3 §C.8.2.1.1.3 */
function isHounsfield(header: Header, type: string | undefined): boolean {
  if (text(header, "00080060") !== "CT") return false;
  return type === "HU" || (type === undefined && text(header, "00080008", 2) !== "LOCALIZER");
}

const PET: Record<string, string> = { BQML: "Bq/ml", CNTS: "counts", GML: "g/ml", CPS: "counts/s" };

/**
 * The unit in which a pixel of this frame is told, from the header and nothing else: HU for CT alone.
 *
 * @param frame - counts from 1
 * @param isThroughTable - the values went through the image's modality table, which has a type of its own
 * @see DICOM PS3.3 §C.11.1.1.2
 */
export function unitOf(header: Header, frame: number, isThroughTable = false): string {
  if (isThroughTable) {
    const [table] = items(header, "00283000");
    const type = table && text(table, "00283004");
    if (type === "HU" && text(header, "00080060") === "CT") return "HU";
    return type === undefined || type === "US" || type === "HU" ? "by its table, unit not stated" : type;
  }
  const rescale = transformation(header, frame);
  if (number(rescale, "00281053") === undefined) return "stored values";
  const type = text(rescale, "00281054");
  if (isHounsfield(header, type)) return "HU";
  const pet = text(header, "00080060") === "PT" ? text(header, "00541001") : undefined;
  if (pet) return PET[pet] ?? pet;
  return type === undefined || type === "US" || type === "HU" ? "rescaled, unit not stated" : type;
}

/** A colour has no one value that could be told. */
export const isColour = (header: Header): boolean =>
  (number(header, "00280002") ?? 1) > 1 || text(header, "00280004") === "PALETTE COLOR";
