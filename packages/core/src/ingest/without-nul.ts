import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from "@weald/dicom";

const clean = (text: string) => text.replaceAll("\u0000", "");

function cleanValue(value: DicomJsonValue): DicomJsonValue {
  if (typeof value === "string") return clean(value);
  if (!(value instanceof Object)) return value;
  // Person names hold texts, items of a sequence hold attributes.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, string | DicomJsonAttribute]) => [
      key,
      typeof inner === "string" ? clean(inner) : cleanAttribute(inner),
    ]),
  );
}

const cleanAttribute = (attribute: DicomJsonAttribute): DicomJsonAttribute =>
  attribute.Value ? { ...attribute, Value: attribute.Value.map(cleanValue) } : attribute;

/** The same data set without NUL in its texts: some devices pad or break text with it, and PostgreSQL keeps none. */
export const withoutNul = (dataset: DicomJson): DicomJson =>
  Object.fromEntries(Object.entries(dataset).map(([tag, attribute]) => [tag, cleanAttribute(attribute)]));
