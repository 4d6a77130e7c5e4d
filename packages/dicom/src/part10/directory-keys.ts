import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from "../types.ts";

/** What the records of a directory say. @see DICOM PS3.3 §F.5 */
type Keys = Readonly<Record<string, string>>;

export const PATIENT_KEYS: Keys = { "00100010": "PN", "00100020": "LO" };
export const STUDY_KEYS: Keys = {
  "00080020": "DA",
  "00080030": "TM",
  "00080050": "SH",
  "00081030": "LO",
  "0020000D": "UI",
  "00200010": "SH",
};
export const SERIES_KEYS: Keys = { "00080060": "CS", "0020000E": "UI", "00200011": "IS" };

const NUMBERED: Keys = { "00200013": "IS" };
const DATED: Keys = { ...NUMBERED, "00080023": "DA", "00080033": "TM" };
const LABELLED: Keys = { ...DATED, "00700080": "CS", "00700081": "LO", "00700084": "PN" };
const KEY_OBJECT: Keys = { ...DATED, "0040A043": "SQ" };
const CONTENT = "0040A730";

/** By SOP Class UID below 1.2.840.10008.5.1.4.1.1; the first that matches. Everything else is an image. */
const RECORDS: readonly { of: RegExp; type: string; keys: Keys }[] = [
  { of: /^88\.59$/, type: "KEY OBJECT DOC", keys: KEY_OBJECT },
  {
    of: /^88\./,
    type: "SR DOCUMENT",
    keys: { ...KEY_OBJECT, "0040A030": "DT", "0040A491": "CS", "0040A493": "CS" },
  },
  {
    of: /^11\./,
    type: "PRESENTATION",
    keys: {
      ...NUMBERED,
      "00081115": "SQ",
      "00700080": "CS",
      "00700081": "LO",
      "00700082": "DA",
      "00700083": "TM",
      "00700084": "PN",
    },
  },
  { of: /^9\./, type: "WAVEFORM", keys: DATED },
  {
    of: /^104\./,
    type: "ENCAP DOC",
    keys: { ...KEY_OBJECT, "00420010": "ST", "00420012": "LO" },
  },
  { of: /^481\.2$/, type: "RT DOSE", keys: { ...NUMBERED, "3004000A": "CS" } },
  {
    of: /^481\.3$/,
    type: "RT STRUCTURE SET",
    keys: { ...NUMBERED, "30060002": "SH", "30060008": "DA", "30060009": "TM" },
  },
  {
    of: /^481\.[58]$/,
    type: "RT PLAN",
    keys: { ...NUMBERED, "300A0002": "SH", "300A0006": "DA", "300A0007": "TM" },
  },
  {
    of: /^481\.[4679]$/,
    type: "RT TREAT RECORD",
    keys: { ...NUMBERED, "30080250": "DA", "30080251": "TM" },
  },
  { of: /^66\.[13]$/, type: "REGISTRATION", keys: LABELLED },
  { of: /^66\.2$/, type: "FIDUCIAL", keys: LABELLED },
  { of: /^66\.5$/, type: "SURFACE", keys: LABELLED },
  { of: /^66$/, type: "RAW DATA", keys: DATED },
  { of: /^67$/, type: "VALUE MAP", keys: LABELLED },
  {
    of: /^4\.2$/,
    type: "SPECTROSCOPY",
    keys: { ...DATED, "00080008": "CS", "00280008": "IS", "00280010": "US", "00280011": "US" },
  },
];
const ROOT = "1.2.840.10008.5.1.4.1.1.";
const IMAGE = { type: "IMAGE", keys: NUMBERED };

export const recordOf = (sopClassUid: string): { type: string; keys: Keys } =>
  RECORDS.find(({ of }) => sopClassUid.startsWith(ROOT) && of.test(sopClassUid.slice(ROOT.length))) ?? IMAGE;

const isOfTitle = (one: DicomJsonValue): boolean =>
  one instanceof Object && (one as DicomJson)["0040A010"]?.Value?.[0] === "HAS CONCEPT MOD";

/** Content that only modifies a document's title is a key of it, and no other is. @see DICOM PS3.3 §F.5.23 */
const titleContent = ({ [CONTENT]: content }: DicomJson): DicomJsonValue[] =>
  (content?.Value ?? []).filter(isOfTitle);

/** A value that lies elsewhere in the object isn't a key. */
const isSaid = (attribute: DicomJsonAttribute | undefined): attribute is DicomJsonAttribute =>
  attribute !== undefined && attribute.BulkDataURI === undefined && attribute.InlineBinary === undefined;

/** Of a served header, what a directory says of its object: small, and nothing else. */
export function directoryKeysOf(header: DicomJson, sopClassUid: string): DicomJson {
  const { keys } = recordOf(sopClassUid);
  const wanted = Object.keys({ ...PATIENT_KEYS, ...STUDY_KEYS, ...SERIES_KEYS, ...keys });
  const kept = wanted.flatMap((tag): [string, DicomJsonAttribute][] => {
    const attribute = header[tag];
    return isSaid(attribute) ? [[tag, attribute]] : [];
  });
  const content = titleContent(header);
  return {
    ...Object.fromEntries(kept),
    ...(content.length > 0 ? { [CONTENT]: { vr: "SQ", Value: content } } : {}),
  };
}

/** The keys of one record: what is there, and empty what must be there. */
export function keysFrom(header: DicomJson, keys: Keys, presumed: Record<string, string> = {}): DicomJson {
  const all = Object.entries(keys).flatMap(([tag, vr]): [string, DicomJsonAttribute][] => {
    const held = header[tag]?.Value;
    const isHeld = held?.some((one) => one !== null && one !== "");
    const Value = isHeld ? held : presumed[tag] === undefined ? undefined : [presumed[tag]];
    // An empty sequence says nothing, and an empty date of what was never verified would be wrong.
    if (!Value && (vr === "SQ" || vr === "DT" || tag === "00081115")) return [];
    return [[tag, Value ? { vr, Value } : { vr }]];
  });
  const content = keys["0040A043"] ? header[CONTENT] : undefined;
  return { ...Object.fromEntries(all), ...(content ? { [CONTENT]: content } : {}) };
}
