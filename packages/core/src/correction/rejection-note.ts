import { createHash } from "node:crypto";
import { type DicomJson, EXPLICIT_LITTLE, isImageClass, mintUid, writePart10 } from "@weald/dicom";
import type { PatientIdentity } from "../patient/index.ts";
import { REJECTION_CODES, type RejectionCode } from "./correction.ts";

export type NoteFacts = {
  patient: PatientIdentity;
  study: {
    studyInstanceUid: string;
    studyDate: string | undefined;
    studyTime: string | undefined;
    accessionNumber: string | undefined;
    description: string | undefined;
  };
  seriesInstanceUid: string;
  number: number;
  code: RejectionCode;
  at: Date;
  references: readonly { seriesInstanceUid: string; sopInstanceUid: string; sopClassUid: string }[];
};

const KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59";

const one = (vr: string, value: string | number | undefined) => ({
  vr,
  ...(value === undefined ? {} : { Value: [value] }),
});
const items = (...Value: DicomJson[]) => ({ vr: "SQ", Value });
const code = (value: string, meaning: string) =>
  items({ "00080100": one("SH", value), "00080102": one("SH", "DCM"), "00080104": one("LO", meaning) });
const digits = (text: string | undefined) => text?.replaceAll(/[^0-9]/g, "");
const reference = ({ sopClassUid, sopInstanceUid }: NoteFacts["references"][number]): DicomJson => ({
  "00081150": one("UI", sopClassUid),
  "00081155": one("UI", sopInstanceUid),
});

function evidence({ references, study }: NoteFacts): DicomJson {
  const bySeries = new Map<string, NoteFacts["references"][number][]>();
  for (const referred of references) {
    const ofSeries = bySeries.get(referred.seriesInstanceUid) ?? [];
    ofSeries.push(referred);
    bySeries.set(referred.seriesInstanceUid, ofSeries);
  }
  const series = [...bySeries].map(([seriesInstanceUid, ofSeries]) => ({
    "0020000E": one("UI", seriesInstanceUid),
    "00081199": items(...ofSeries.map(reference)),
  }));
  return { "0020000D": one("UI", study.studyInstanceUid), "00081115": items(...series) };
}

const content = (references: NoteFacts["references"]): DicomJson[] =>
  references.map((referred) => ({
    "0040A010": one("CS", "CONTAINS"),
    "0040A040": one("CS", isImageClass(referred.sopClassUid) ? "IMAGE" : "COMPOSITE"),
    "00081199": items(reference(referred)),
  }));

function dataset(facts: NoteFacts, sopInstanceUid: string): DicomJson {
  const { patient, study, at } = facts;
  const [date, time] = [digits(at.toISOString().slice(0, 10)), digits(at.toISOString().slice(11, 19))];
  const { family, given, middle, prefix } = patient;
  return {
    "00080005": one("CS", "ISO_IR 192"),
    "00080016": one("UI", KEY_OBJECT_SELECTION),
    "00080018": one("UI", sopInstanceUid),
    "00080020": one("DA", digits(study.studyDate)),
    "00080023": one("DA", date),
    "00080030": one("TM", study.studyTime),
    "00080033": one("TM", time),
    "00080050": one("SH", study.accessionNumber),
    "00080060": one("CS", "KO"),
    "00080070": one("LO", "Weald"),
    "00080090": { vr: "PN" },
    "00080201": one("SH", "+0000"),
    ...(study.description ? { "00081030": one("LO", study.description) } : {}),
    "00081111": { vr: "SQ" },
    "00100010": {
      vr: "PN",
      Value: [{ Alphabetic: [family, given, middle, prefix].join("^").replace(/\^+$/, "") }],
    },
    "00100020": one("LO", patient.localNumber),
    "00100021": one("LO", patient.custodian),
    "00100030": one("DA", digits(patient.birthDate)),
    "00100040": one("CS", patient.sex),
    "0020000D": one("UI", study.studyInstanceUid),
    "0020000E": one("UI", facts.seriesInstanceUid),
    "00200010": { vr: "SH" },
    "00200011": one("IS", 1),
    "00200013": one("IS", facts.number),
    "0040A040": one("CS", "CONTAINER"),
    "0040A043": code(facts.code, REJECTION_CODES[facts.code]),
    "0040A050": one("CS", "SEPARATE"),
    "0040A375": items(evidence(facts)),
    "0040A504": items({ "00080105": one("CS", "DCMR"), "0040DB00": one("CS", "2010") }),
    "0040A730": items(...content(facts.references)),
  };
}

export type Note = { sopInstanceUid: string; dataset: DicomJson; bytes: Uint8Array; sha256: string };

/**
 * The Key Object Selection document of a rejection: its title says why, its content what.
 *
 * @see DICOM PS3.3 §A.35.4, PS3.16 TID 2010, IHE RAD TF-2 4.66 (Rejection Note)
 */
export function rejectionNote(facts: NoteFacts): Note {
  const sopInstanceUid = mintUid();
  const written = dataset(facts, sopInstanceUid);
  const bytes = writePart10({ dataset: written, transferSyntaxUid: EXPLICIT_LITTLE });
  return {
    sopInstanceUid,
    dataset: written,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}
