import { type DicomJson, sequence } from "@weald/dicom";

const ABOUT_THE_QUERY = new Set(["00080005"]);

function valuesOf(dataset: DicomJson, tag: string): string[] {
  return (dataset[tag]?.Value ?? []).flatMap((value) => {
    if (value instanceof Object) return "Alphabetic" in value ? [String(value.Alphabetic)] : [];
    return value === null ? [] : [String(value).trim()];
  });
}

/** `*` and `?`, whatever the case of letters. @see DICOM PS3.4 §C.2.2.2.4 */
function isLike(value: string, key: string): boolean {
  const pattern = key
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "iu").test(value);
}

/** From and to, both within; an open end has no limit. */
function isWithin(value: string, key: string): boolean {
  const [from = "", to = ""] = key.split("-");
  return value >= from && (to === "" || value.slice(0, to.length) <= to);
}

function matchesOne(key: string, value: string, vr: string): boolean {
  if ((vr === "DA" || vr === "TM") && key.includes("-")) return isWithin(value, key);
  if (vr === "TM") return value.startsWith(key);
  // A name without its given parts finds the family.
  if (vr === "PN" && !key.includes("*")) return isLike(value, key) || isLike(value, `${key}^*`);
  return isLike(value, key);
}

/** What an order leaves open fits every modality: else it would be on nobody's list. */
const LEFT_OPEN = new Set(["00080060", "00400001"]);

/**
 * Whether an item fits every key that has a value; also those within sequences. A key that our items don't have at all is
 * none that we match by.
 *
 * @see DICOM PS3.4 §K.2.2.1, §C.2.2.1.2
 */
export function matchesKeys(identifier: DicomJson, item: DicomJson): boolean {
  return Object.entries(identifier).every(([tag, { vr }]) => {
    if (ABOUT_THE_QUERY.has(tag) || !item[tag]) return true;
    const [inner] = sequence(identifier, tag);
    if (inner) {
      const items = sequence(item, tag);
      return items.some((one) => matchesKeys(inner, one));
    }
    const keys = valuesOf(identifier, tag).filter((key) => key !== "" && key !== "*");
    if (keys.length === 0) return true;
    const values = valuesOf(item, tag);
    if (values.length === 0 && LEFT_OPEN.has(tag)) return true;
    return keys.some((key) => values.some((value) => matchesOne(key, value, vr)));
  });
}
