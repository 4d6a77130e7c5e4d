import { type DicomJson, personName, sequence, text } from "@weald/dicom";
import type { StatedIdentity } from "../patient/index.ts";

const isoDate = (date: string | undefined): string | undefined => {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? "") ?? [];
  if (!year || !month || !day) return undefined;
  const iso = `${year}-${month}-${day}`;
  return Number.isNaN(Date.parse(iso)) || new Date(iso).toISOString().slice(0, 10) !== iso ? undefined : iso;
};

/** The NHS number in Other Patient IDs Sequence, or a Patient ID that NHS itself issued. @see DICOM PS3.3 §C.7.1.1 */
function nhsNumberIn(dataset: DicomJson): string | undefined {
  const others = sequence(dataset, "00101002");
  const issued = others.find((item) =>
    /^NHS|^2\.16\.840\.1\.113883\.2\.1\.4\.1/.test(text(item, "00100021") ?? ""),
  );
  if (issued) return text(issued, "00100020");
  return text(dataset, "00100021") === "NHS" ? text(dataset, "00100020") : undefined;
}

/** Who the object says its patient is, or `undefined` without a Patient ID. */
export function identityOf(dataset: DicomJson): StatedIdentity | undefined {
  const localNumber = text(dataset, "00100020");
  if (!localNumber) return undefined;
  const name = personName(dataset, "00100010");
  const [family = "", given = "", middle = "", prefix = ""] = (name?.Alphabetic ?? "").split("^");
  return {
    localNumber,
    issuer: text(dataset, "00100021"),
    nhsNumber: nhsNumberIn(dataset),
    // A scanner's word is no verification: that comes from the demographics service.
    nhsVerified: false,
    family: family.trim(),
    given: given.trim(),
    middle: middle.trim(),
    prefix: prefix.trim(),
    ideographic: name?.Ideographic,
    phonetic: name?.Phonetic,
    birthDate: isoDate(text(dataset, "00100030")),
    sex: text(dataset, "00100040"),
  };
}

export { isoDate };
