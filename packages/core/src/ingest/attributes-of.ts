import { type DicomJson, number, numbers, personName, text } from "@weald/dicom";
import type { SeriesAttributes, StudyAttributes } from "../study/index.ts";
import { isoDate } from "./identity-of.ts";
import { instantOf } from "./trust-time.ts";

const MOST = 2 ** 31 - 1;

/** A whole number that the index can hold. Integer strings of real devices hold fractions and eleven digits. */
export function wholeNumber(dataset: DicomJson, tag: string): number | undefined {
  const value = number(dataset, tag);
  return value !== undefined && Number.isInteger(value) && Math.abs(value) <= MOST ? value : undefined;
}

const shown = (name: string | undefined) => name?.split("^").filter(Boolean).join(" ");

export function studyAttributesOf(dataset: DicomJson, studyInstanceUid: string): StudyAttributes {
  const issuer = dataset["00080051"]?.Value?.[0];
  return {
    studyInstanceUid,
    studiedAt: instantOf(text(dataset, "00080020"), text(dataset, "00080030"), text(dataset, "00080201")),
    studyDate: isoDate(text(dataset, "00080020")),
    description: text(dataset, "00081030"),
    accessionNumber: text(dataset, "00080050"),
    accessionIssuer: issuer instanceof Object ? text(issuer as DicomJson, "00400031") : undefined,
    referrer: shown(personName(dataset, "00080090")?.Alphabetic),
    site: text(dataset, "00080080"),
  };
}

/** What the source says it made of this series, and by which attribute. */
function expectedOf(dataset: DicomJson): {
  expectedCount: number | undefined;
  expectedSource: string | undefined;
} {
  const related = wholeNumber(dataset, "00201209");
  if (related && related > 0)
    return { expectedCount: related, expectedSource: "the source's count (series related instances)" };
  const acquired = wholeNumber(dataset, "00201002");
  if (acquired && acquired > 0)
    return { expectedCount: acquired, expectedSource: "the source's count (images in acquisition)" };
  return { expectedCount: undefined, expectedSource: undefined };
}

export function seriesAttributesOf(dataset: DicomJson, seriesInstanceUid: string): SeriesAttributes {
  return {
    seriesInstanceUid,
    modality: text(dataset, "00080060") ?? "OT",
    number: wholeNumber(dataset, "00200011"),
    description: text(dataset, "0008103E"),
    bodyPart: text(dataset, "00180015"),
    laterality: text(dataset, "00200062") ?? text(dataset, "00200060"),
    frameOfReferenceUid: text(dataset, "00200052"),
    ...expectedOf(dataset),
  };
}

/** Along the normal of the slice, mm, from Image Position and Orientation (Patient). @see DICOM PS3.3 §C.7.6.2.1.1 */
export function slicePositionOf(dataset: DicomJson): number | undefined {
  const [x, y, z] = numbers(dataset, "00200032");
  const [rx, ry, rz, cx, cy, cz] = numbers(dataset, "00200037");
  if (x === undefined || y === undefined || z === undefined || rx === undefined || cz === undefined)
    return undefined;
  if (ry === undefined || rz === undefined || cx === undefined || cy === undefined) return undefined;
  const position = x * (ry * cz - rz * cy) + y * (rz * cx - rx * cz) + z * (rx * cy - ry * cx);
  return Math.round(position * 1000) / 1000;
}
