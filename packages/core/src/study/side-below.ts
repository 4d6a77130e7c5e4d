import type { DicomJson, DicomJsonAttribute } from "@weald/dicom";

const IMAGE_LATERALITY = "00200062";
const FRAME_LATERALITY = "00209072";
const MODIFIERS = "00082220";
/** Anatomic Region, Shared and Per-Frame Functional Groups. */
export const SIDE_CARRIERS = ["00082218", "52009229", "52009230"] as const;
/** Through these to the side: Frame Anatomy too. */
const THROUGH: ReadonlySet<string> = new Set([...SIDE_CARRIERS, "00209071"]);

type Code = { value: string; meaning: string };
/** @see DICOM PS3.16 CID 244 (laterality) */
const CODES: Readonly<Record<string, Code>> = {
  R: { value: "24028007", meaning: "Right" },
  L: { value: "7771000", meaning: "Left" },
  B: { value: "51440002", meaning: "Right and left" },
  U: { value: "66459002", meaning: "Unilateral" },
};
/** As SNOMED CT, and as the identifiers that it had before in DICOM. */
const SAYS_A_SIDE: ReadonlySet<string> = new Set([
  ...Object.values(CODES).map(({ value }) => value),
  "G-A100",
  "G-A101",
  "G-A102",
  "G-A103",
]);

const itemsOf = (attribute: DicomJsonAttribute | undefined): DicomJson[] =>
  (attribute?.Value ?? []).filter((item): item is DicomJson => item instanceof Object);
const saysASide = (item: DicomJson) => SAYS_A_SIDE.has(String(item["00080100"]?.Value?.[0]));

function codeOf(side: string | undefined): DicomJson[] {
  const code = side === undefined ? undefined : CODES[side];
  if (!code) return [];
  return [
    {
      "00080100": { vr: "SH", Value: [code.value] },
      "00080102": { vr: "SH", Value: ["SCT"] },
      "00080104": { vr: "LO", Value: [code.meaning] },
    },
  ];
}

function modifiersWith(attribute: DicomJsonAttribute, side: string | undefined): DicomJsonAttribute {
  const items = itemsOf(attribute);
  if (!items.some(saysASide)) return attribute;
  return { vr: "SQ", Value: [...items.filter((item) => !saysASide(item)), ...codeOf(side)] };
}

/** The same items where none says a side. */
function itemsWith(attribute: DicomJsonAttribute, side: string | undefined): DicomJsonAttribute {
  const items = itemsOf(attribute);
  const changed = items.map((item) => datasetWith(item, side));
  return changed.some((item, index) => item !== items[index]) ? { vr: "SQ", Value: changed } : attribute;
}

function attributeWith(tag: string, attribute: DicomJsonAttribute, side: string | undefined) {
  if (tag === FRAME_LATERALITY) return { vr: "CS", ...(side ? { Value: [side] } : {}) };
  if (tag === MODIFIERS) return modifiersWith(attribute, side);
  return THROUGH.has(tag) ? itemsWith(attribute, side) : attribute;
}

function datasetWith(dataset: DicomJson, side: string | undefined): DicomJson {
  const pairs = Object.entries(dataset).map(
    ([tag, attribute]) => [tag, attributeWith(tag, attribute, side)] as const,
  );
  return pairs.some(([tag, attribute]) => attribute !== dataset[tag]) ? Object.fromEntries(pairs) : dataset;
}

/**
 * The side that an overlay corrects, wherever a header says it again: each frame's own (Frame Anatomy) and in the region's
 * modifiers. Two that disagree are what a correction of the side is there to end.
 *
 * @returns The outermost attributes that change by it; none where the overlay says no side.
 * @see DICOM PS3.3 §C.7.6.16.2.8 (Frame Anatomy), §10.5 (Anatomic Region)
 */
export function sideBelow(header: DicomJson, overlay: DicomJson): DicomJson {
  const said = overlay[IMAGE_LATERALITY];
  if (!said) return {};
  const side = said.Value?.[0] === undefined ? undefined : String(said.Value[0]);
  return Object.fromEntries(
    SIDE_CARRIERS.flatMap((tag) => {
      const before = header[tag];
      const after = before && itemsWith(before, side);
      return after && after !== before ? [[tag, after]] : [];
    }),
  );
}
