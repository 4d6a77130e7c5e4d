import type { Header } from "../contract.ts";
import { text } from "../header.ts";
import { establishSide, type Side } from "./side.ts";

/**
 * The side of a mammogram. Besides what any image says of its side, Patient Orientation tells at which edge the chest wall
 * lies, and a right breast has it at the right: one that says otherwise hangs in no side's place.
 *
 * @see DICOM PS3.3 §C.7.6.1.1.1; IHE Mammography Image, hanging "back to back"
 */
export function breastSide(header: Header): Side {
  const side = establishSide(header);
  const along = text(header, "00200020")?.[0];
  const wall = along === "A" ? "left" : along === "P" ? "right" : undefined;
  if (side.kind !== "side" || side.side === "B" || wall === undefined) return side;
  if ((side.side === "R") === (wall === "right")) return side;
  return {
    kind: "doubt",
    why: `${side.source} says ${side.side}, Patient Orientation has the chest wall at the ${wall}`,
  };
}
