import type { Deviation, DicomJson, FrameLocator } from "@weald/dicom";
import type { PatientIdentity } from "../patient/index.ts";

/** What a study says of itself, read from its first instance. */
export type StudyAttributes = {
  studyInstanceUid: string;
  /** As an instant where date and time are given; the trust's clock is Europe/London. */
  studiedAt: Date | undefined;
  /** YYYY-MM-DD */
  studyDate: string | undefined;
  description: string | undefined;
  accessionNumber: string | undefined;
  accessionIssuer: string | undefined;
  referrer: string | undefined;
  site: string | undefined;
};

export type SeriesAttributes = {
  seriesInstanceUid: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  frameOfReferenceUid: string | undefined;
  expectedCount: number | undefined;
  expectedSource: string | undefined;
};

/** One object that lies in the archive and waits to be indexed. */
export type IncomingInstance = {
  sopInstanceUid: string;
  /** What the bytes say, where the object is served under another UID (docs/adr/0006). */
  originalSopInstanceUid?: string;
  sopClassUid: string;
  instanceNumber: number | undefined;
  /** Along the normal of the slice, mm. */
  slicePosition: number | undefined;
  numberOfFrames: number;
  objectKey: string;
  sizeBytes: number;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  sha256Received: string;
  sha256Stored: string;
  pixelSha256: string | undefined;
  /** Only where it was not zero: the 128 bytes, kept aside. */
  preamble: Uint8Array | undefined;
  hasMetaHeader: boolean;
  header: DicomJson;
  frames: FrameLocator[];
  deviations: Deviation[];
};

export type IncomingSeries = {
  custodian: string;
  storageId: string;
  isOutside: boolean;
  /** Outside images: where the disc came from. */
  sourceName: string | undefined;
  patientRecordId: string;
  patientId: string;
  /** Its objects name a number that was merged into another of the same trust: whose it is, and which they name. */
  servedAs?: { identity: PatientIdentity; namedRecordId: string };
  study: StudyAttributes;
  series: SeriesAttributes;
  instances: readonly IncomingInstance[];
};

type Judged = { sopInstanceUid: string; sha256Received: string };

/** How one instance came out, judged within one custodian (clinical page §17). */
export type IndexOutcome = Judged &
  (
    | { outcome: "accepted" | "duplicate"; instanceId: string; studyId: string; notServed?: NotServed }
    | { outcome: "alternate"; instanceId: string; studyId: string; differs: string[] }
    | { outcome: "conflict"; code: ConflictCode; differs: string[] }
  );

/** Taken in or known, and not shown: rejected itself, or part of a study or series that is. */
export type NotServed = "REJECTED" | "STUDY_REJECTED" | "STUDY_WITHHELD";

export type ConflictCode = "PATIENT_MISMATCH" | "SERIES_MISMATCH" | "UID_CONFLICT";
