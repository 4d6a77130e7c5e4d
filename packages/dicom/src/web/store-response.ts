import { text } from "../dataset/read-values.ts";
import type { DicomJson } from "../types.ts";

/** Which object is spoken of, as far as it says so itself. */
export type StoredName = {
  sopClassUid: string | undefined;
  sopInstanceUid: string | undefined;
  studyInstanceUid: string | undefined;
  seriesInstanceUid: string | undefined;
};

/**
 * How one object of a store request came out. `changed`: kept, and not simply as it came. `on-its-way`: durable with us, its
 * outcome not yet known. `code` is stable, `message` for a person.
 */
export type StoreResult = {
  name: StoredName;
  outcome: "stored" | "changed" | "on-its-way" | "failed";
  code?: string | undefined;
  message?: string | undefined;
};

/** @see DICOM PS3.18 §I.2.2 (Failure Reason): 0110 processing failure, A7 out of resources, A9 not its SOP class, C not understood */
const REASON = {
  processing: 0x0110,
  outOfResources: 0xa700,
  notItsClass: 0xa900,
  notUnderstood: 0xc000,
  transferSyntax: 0xc122,
} as const;

/** Warning Reason: one or more data elements were coerced. @see DICOM PS3.18 §I.2.2 */
const COERCED = 0xb000;

/** Which reason of the standard stands for our own codes; any other is a processing failure. */
export const failureReasons: Readonly<Record<string, number>> = {
  STUDY_UID_DIFFERS: REASON.notItsClass,
  STUDY_UID_MISSING: REASON.notItsClass,
  SERIES_UID_MISSING: REASON.notItsClass,
  SOP_UID_MISSING: REASON.notItsClass,
  SOP_CLASS_MISSING: REASON.notItsClass,
  PATIENT_ID_MISSING: REASON.notItsClass,
  EMPTY_FILE: REASON.notUnderstood,
  NOT_DICOM: REASON.notUnderstood,
  DICOMDIR: REASON.notUnderstood,
  TRUNCATED: REASON.notUnderstood,
  MALFORMED: REASON.notUnderstood,
  HEADER_TOO_LARGE: REASON.notUnderstood,
  NESTING_TOO_DEEP: REASON.notUnderstood,
  DIMENSIONS_INVALID: REASON.notUnderstood,
  PIXEL_DATA_TRUNCATED: REASON.notUnderstood,
  FRAME_COUNT_MISMATCH: REASON.notUnderstood,
  INFLATE_BOMB: REASON.notUnderstood,
  INFLATE_FAILED: REASON.notUnderstood,
  PART_NOT_DICOM: REASON.notUnderstood,
  TRANSFER_ENCODING_UNSUPPORTED: REASON.notUnderstood,
  TRANSFER_SYNTAX_UNSUPPORTED: REASON.transferSyntax,
  NOT_KEPT: REASON.outOfResources,
  DISK_LOW: REASON.outOfResources,
};

const reasonOf = (code: string | undefined): number => failureReasons[code ?? ""] ?? REASON.processing;

/** What can't be read or has no place at all, whoever sends it again: a request of nothing else is a bad request. */
const BAD_REQUEST = new Set(["STUDY_UID_MISSING", "SERIES_UID_MISSING", "SOP_UID_MISSING"]);

const value = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });

/** Our code and sentence, in a private block: the standard's reason is one of a handful. */
const said = ({ code, message }: StoreResult): DicomJson =>
  code === undefined
    ? {}
    : {
        "00090010": value("LO", "WEALD STORE"),
        "00091001": value("LO", code),
        ...(message === undefined ? {} : { "00091002": value("UT", message) }),
      };

const named = ({ sopClassUid, sopInstanceUid }: StoredName): DicomJson => ({
  ...(sopClassUid ? { "00081150": value("UI", sopClassUid) } : {}),
  ...(sopInstanceUid ? { "00081155": value("UI", sopInstanceUid) } : {}),
});

const studyUrl = (base: string, { studyInstanceUid }: StoredName) => `${base}/studies/${studyInstanceUid}`;

/** An object without its own name can't be referred to: it stands among the other failures. */
const isNamed = ({ name }: StoreResult): boolean => Boolean(name.sopInstanceUid && name.sopClassUid);

const instanceUrl = (base: string, name: StoredName) =>
  `${studyUrl(base, name)}/series/${name.seriesInstanceUid}/instances/${name.sopInstanceUid}`;

/** What is still on its way can't be fetched yet, so it has no URL. */
const referenced = (base: string, result: StoreResult): DicomJson => ({
  ...named(result.name),
  ...(result.outcome === "on-its-way" ? {} : { "00081190": value("UR", instanceUrl(base, result.name)) }),
  ...(result.outcome === "changed" ? { "00081196": value("US", COERCED) } : {}),
  ...said(result),
});

const failure = (result: StoreResult): DicomJson => ({
  ...named(result.name),
  "00081197": value("US", reasonOf(result.code)),
  ...said(result),
});

const sequenceOf = (tag: string, items: readonly DicomJson[]): DicomJson =>
  items.length > 0 ? { [tag]: { vr: "SQ", Value: [...items] } } : {};

/**
 * What a store request is answered: the status, and the Store Instances Response Module.
 *
 * @param base - Where the region's DICOMweb is reached, without a slash at the end.
 * @returns 200 all kept as they came; 202 some changed, failed, or still on their way; 409 none kept, 400 where each of
 * them has no place in any study.
 * @see DICOM PS3.18 §10.5.3.1 (status codes), §I.2 (response module)
 */
export function storeResponse(
  base: string,
  results: readonly StoreResult[],
): { status: 200 | 202 | 400 | 409; dataset: DicomJson } {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const kept = results.filter(({ outcome }) => outcome !== "failed");
  const studies = new Set(kept.map(({ name }) => name.studyInstanceUid));
  const [only] = kept;
  const dataset = {
    ...(studies.size === 1 && only ? { "00081190": value("UR", studyUrl(base, only.name)) } : {}),
    ...sequenceOf("00081198", failed.filter(isNamed).map(failure)),
    ...sequenceOf(
      "00081199",
      kept.map((result) => referenced(base, result)),
    ),
    ...sequenceOf("0008119A", failed.filter((result) => !isNamed(result)).map(failure)),
  };
  return { status: statusOf(results), dataset };
}

function statusOf(results: readonly StoreResult[]): 200 | 202 | 400 | 409 {
  if (results.every(({ outcome }) => outcome === "stored")) return 200;
  if (results.some(({ outcome }) => outcome !== "failed")) return 202;
  return results.every(({ code }) => BAD_REQUEST.has(code ?? "")) ? 400 : 409;
}

/** How an object names itself, from its header. */
export const storedName = (dataset: DicomJson): StoredName => ({
  sopClassUid: text(dataset, "00080016"),
  sopInstanceUid: text(dataset, "00080018"),
  studyInstanceUid: text(dataset, "0020000D"),
  seriesInstanceUid: text(dataset, "0020000E"),
});
