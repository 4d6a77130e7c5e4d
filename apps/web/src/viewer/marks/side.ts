import type { Header } from "../contract.ts";
import { items, text } from "../header.ts";

/** Established, never assumed (clinical page §8): from attributes, not from words or pixels. */
export type Side =
  | { kind: "side"; side: "L" | "R" | "B"; source: string }
  | { kind: "doubt"; why: string }
  | { kind: "unpaired" };

const PAIRED =
  /^(BREAST|KNEE|HIP|ANKLE|FOOT|HAND|WRIST|ELBOW|SHOULDER|ARM|LEG|FEMUR|TIBIA|FIBULA|HUMERUS|FOREARM|THUMB|FINGER|TOE|HEEL|CALCANEUS|CLAVICLE|SCAPULA|EYE|ORBIT|EAR|KIDNEY|TMJ|RADIUS|ULNA|PATELLA|AXILLA|EXTREMITY|UPPERARM|LOWERLEG|THIGH)/;
const LEFT = new Set(["7771000", "G-A101"]);
const RIGHT = new Set(["24028007", "G-A100"]);
const BOTH = new Set(["51440002", "G-A102"]);

type Said = { side: "L" | "R" | "B"; source: string };

function sideOf(value: string | undefined, source: string): Said[] {
  return value === "L" || value === "R" || value === "B" ? [{ side: value, source }] : [];
}

/** Anatomic Region Modifier. @see DICOM PS3.16 CID 244 (Laterality) */
function codedSides(header: Header): Said[] {
  const source = "coded anatomy";
  return items(header, "00082218").flatMap((region) =>
    items(region, "00082220").flatMap((modifier): Said[] => {
      const value = text(modifier, "00080100") ?? "";
      if (LEFT.has(value)) return [{ side: "L", source }];
      if (RIGHT.has(value)) return [{ side: "R", source }];
      return BOTH.has(value) ? [{ side: "B", source }] : [];
    }),
  );
}

const isPaired = (header: Header): boolean =>
  PAIRED.test((text(header, "00180015") ?? "").toUpperCase()) || text(header, "00080060") === "MG";

/** Image Laterality, else Laterality, else coded anatomy; where they disagree, or a paired part has none: doubt. */
export function establishSide(header: Header): Side {
  const said = [
    ...sideOf(text(header, "00200062"), "Image Laterality"),
    ...sideOf(text(header, "00200060"), "Laterality"),
    ...codedSides(header),
  ];
  const [first] = said;
  if (!first)
    return isPaired(header) ? { kind: "doubt", why: "the image says no side" } : { kind: "unpaired" };
  const other = said.find(({ side }) => side !== first.side);
  if (other)
    return { kind: "doubt", why: `${first.source} says ${first.side}, ${other.source} says ${other.side}` };
  return { kind: "side", ...first };
}
