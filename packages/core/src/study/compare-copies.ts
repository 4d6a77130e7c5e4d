import { type DicomJson, type DicomJsonAttribute, type DicomJsonValue, keywordOf } from "@weald/dicom";
import { IDENTITY, SIDE } from "./judge-copy.ts";

/** One attribute in which two objects differ. `isGrave`: identity, side, study or series. */
export type Difference = {
  tag: string;
  keyword: string;
  here: string | undefined;
  came: string | undefined;
  isGrave: boolean;
};

const MOST_CHARACTERS = 200;
const PLACE = ["0020000D", "0020000E"];
const GRAVE = new Set([...IDENTITY, ...SIDE, ...PLACE]);
/** What two different objects of one study must agree in; all else is each one's own. */
const OF_THE_STUDY = [
  ...IDENTITY,
  ...PLACE,
  "00080020",
  "00080030",
  "00080050",
  "00080060",
  "00080080",
  "00081030",
  "0008103E",
  "00180015",
  "00200060",
];

function shownValue(value: DicomJsonValue): string {
  if (value === null) return "";
  if (!(value instanceof Object)) return String(value);
  const { Alphabetic, Ideographic, Phonetic } = value;
  const groups = [Alphabetic, Ideographic, Phonetic].filter((group) => typeof group === "string");
  return groups.join(" = ");
}

/** An attribute as a person reads it: values by backslash, a sequence or long value by its size. */
export function shownAttribute(attribute: DicomJsonAttribute | undefined): string | undefined {
  if (!attribute) return undefined;
  const { vr, Value = [], InlineBinary, BulkDataURI } = attribute;
  if (vr === "SQ") return Value.length === 1 ? "a sequence of 1 item" : `a sequence of ${Value.length} items`;
  if (InlineBinary !== undefined) return `${Math.floor((InlineBinary.length * 3) / 4)} bytes`;
  if (BulkDataURI !== undefined) return `a long value, ${BulkDataURI.split(":")[1] ?? "?"} bytes`;
  const text = Value.map(shownValue).join(" \\ ");
  if (text === "") return "(empty)";
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text;
}

/** A long value is known by its place and length: another place alone is no difference. */
const judged = (attribute: DicomJsonAttribute | undefined) =>
  JSON.stringify(
    attribute?.BulkDataURI ? { ...attribute, BulkDataURI: attribute.BulkDataURI.split(":")[1] } : attribute,
  );

/** The attributes in which two headers differ, the grave ones first, each with both values. */
export function differencesOf(
  here: DicomJson,
  came: DicomJson,
  { isSameObject }: { isSameObject: boolean },
): Difference[] {
  const tags = isSameObject ? [...new Set([...Object.keys(here), ...Object.keys(came)])] : OF_THE_STUDY;
  return tags
    .filter((tag) => judged(here[tag]) !== judged(came[tag]))
    .map((tag) => ({
      tag,
      keyword: keywordOf(tag) ?? `(${tag.slice(0, 4)},${tag.slice(4)})`,
      here: shownAttribute(here[tag]),
      came: shownAttribute(came[tag]),
      isGrave: GRAVE.has(tag),
    }))
    .sort((a, b) => Number(b.isGrave) - Number(a.isGrave) || a.tag.localeCompare(b.tag));
}

export type PixelComparison = "same" | "differ" | "other-encoding" | "none";
type Pixels = { pixelSha256: string | undefined; transferSyntaxUid: string };

/** Pixels in another transfer syntax can't be compared without decoding them. */
export function comparePixels(here: Pixels, came: Pixels): PixelComparison {
  if (!here.pixelSha256 && !came.pixelSha256) return "none";
  if (here.transferSyntaxUid !== came.transferSyntaxUid) return "other-encoding";
  return here.pixelSha256 === came.pixelSha256 ? "same" : "differ";
}
