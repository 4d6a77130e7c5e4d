import { createHash } from "node:crypto";
import type { DicomJson } from "@weald/dicom";
import type { PatientIdentity } from "../patient/index.ts";

/**
 * A UID of our own for something that is known by a UID which another object holds. The same parts give the same one, so
 * that what belonged together stays together and a step can be repeated. A name-based UUID (version 8) below 2.25.
 *
 * @see DICOM PS3.5 §B.2, RFC 9562 §5.8
 */
export function derivedUid(...parts: readonly string[]): string {
  const name = JSON.stringify(["weald derived", ...parts]);
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString("hex")}`)}`;
}

export type Original = {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sha256Received: string;
};

/**
 * Study and series by the patient for whom they are taken in, so that what came together stands together; the instance by
 * its bytes too, so that a third object under the same UID has a place of its own.
 */
export function derivedUidsOf(patientRecordId: string, original: Original) {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sha256Received } = original;
  return {
    studyInstanceUid: derivedUid(patientRecordId, studyInstanceUid),
    seriesInstanceUid: derivedUid(patientRecordId, studyInstanceUid, seriesInstanceUid),
    sopInstanceUid: derivedUid(patientRecordId, sopInstanceUid, sha256Received),
  };
}

const EMPTIED: Record<string, string> = {
  // Other Patient IDs, Other Patient Names, birth name, mother's birth name: of whoever the object said it was.
  "00101000": "LO",
  "00101001": "PN",
  "00101005": "PN",
  "00101060": "PN",
  // Birth time, age, qualifiers of the number, address, telephone, comments, alerts, allergies, history, admission.
  "00100032": "TM",
  "00101010": "AS",
  "00100024": "SQ",
  "00101040": "LO",
  "00102154": "SH",
  "00104000": "LT",
  "00102000": "LO",
  "00102110": "LO",
  "001021B0": "LT",
  "00380010": "LO",
};

/** Accession Number, its issuer, Request Attributes: a claim on the other patient's order. */
const ORDER: Record<string, string> = { "00080050": "SH", "00080051": "SQ", "00400275": "SQ" };

const emptied = (tags: Record<string, string>): DicomJson =>
  Object.fromEntries(Object.entries(tags).map(([tag, vr]) => [tag, { vr }]));

const one = (vr: string, value: string | undefined) => ({ vr, ...(value ? { Value: [value] } : {}) });

/** What a study says once it is another patient's: who they are, and nothing that only the first one had. */
export const attributesFor = (patient: PatientIdentity, studyInstanceUid: string): DicomJson => ({
  ...identityAttributes(patient),
  ...emptied(ORDER),
  "0020000D": one("UI", studyInstanceUid),
});

/** Who a patient is, and nothing of whoever the objects say. */
export function identityAttributes(patient: PatientIdentity): DicomJson {
  const { family, given, middle, prefix, ideographic, nhsNumber } = patient;
  const name = [family, given, middle, prefix].join("^").replace(/\^+$/, "");
  const nhs = { "00100020": one("LO", nhsNumber), "00100021": one("LO", "NHS") };
  return {
    ...emptied(EMPTIED),
    "00100010": {
      vr: "PN",
      Value: [{ Alphabetic: name, ...(ideographic ? { Ideographic: ideographic } : {}) }],
    },
    "00100020": one("LO", patient.localNumber),
    "00100021": one("LO", patient.custodian),
    "00100030": one("DA", patient.birthDate?.replaceAll("-", "")),
    "00100040": one("CS", patient.sex),
    "00101002": { vr: "SQ", ...(nhsNumber ? { Value: [nhs] } : {}) },
  };
}
