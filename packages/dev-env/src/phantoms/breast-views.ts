import type { DicomJson } from "@weald/dicom";
import { code, dataset, type Said } from "./dataset.ts";
import type { MgView } from "./mammogram.ts";

export const BREAST = code("76752008", "SCT", "Breast");
/** @see DICOM PS3.16 CID 4014 */
const VIEW_CODES = {
  CC: code("399162004", "SCT", "cranio-caudal"),
  MLO: code("399368009", "SCT", "medio-lateral oblique"),
} as const;

/** @see DICOM PS3.16 CID 4015 */
const MODIFIER_CODES = {
  displaced: code("399209000", "SCT", "Implant Displaced"),
  magnified: code("399163009", "SCT", "Magnification"),
} as const;
export type Modifier = keyof typeof MODIFIER_CODES;

const SPECIMEN = code("127457009", "SCT", "tissue specimen from breast");

export const MG_VIEWS: readonly MgView[] = [
  { side: "R", view: "CC" },
  { side: "L", view: "CC" },
  { side: "R", view: "MLO" },
  { side: "L", view: "MLO" },
];

export function viewCode(view: MgView["view"], modifiers: readonly Modifier[] = []): DicomJson {
  const said: Said = modifiers.length > 0 ? modifiers.map((one) => MODIFIER_CODES[one]) : null;
  return { ...VIEW_CODES[view], ...dataset({ ViewModifierCodeSequence: said }) };
}

/** A specimen is no view of a breast: of its view only this is said. */
export const specimenCode = (): DicomJson => ({
  ...SPECIMEN,
  ...dataset({ ViewModifierCodeSequence: null }),
});

/** Towards the nipple along a row, and down. @see DICOM PS3.3 §C.7.6.1.1.1, §A.27 */
export function breastOrientation({ side, view }: MgView): [string, string] {
  const along = side === "L" ? "A" : "P";
  const down = view === "CC" ? (side === "L" ? "R" : "L") : side === "L" ? "FR" : "FL";
  return [along, down];
}
