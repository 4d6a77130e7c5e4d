import type { DicomJson, DicomJsonValue } from "@weald/dicom";
import { z } from "zod";
import type { PortalCall } from "../send/index.ts";

/** As `Whose` of the core: what an outside program sends. */
export type Whose =
  | { kind: "trust" }
  | { kind: "nhs-number"; nhsNumber: string }
  | { kind: "local-number"; localNumber: string };

const Listed = z.object({ recordIds: z.array(z.string()), next: z.string().optional() });

const text = z.string().nullable();
const Attribute: z.ZodType<DicomJson[string]> = z
  .object({
    vr: z.string(),
    Value: z.array(z.custom<DicomJsonValue>()).optional(),
    InlineBinary: z.string().optional(),
  })
  .transform(({ vr, Value, InlineBinary }) => ({
    vr,
    ...(Value ? { Value } : {}),
    ...(InlineBinary === undefined ? {} : { InlineBinary }),
  }));
const Overlay = z.object({
  level: z.enum(["study", "series", "instance"]),
  targetId: z.string(),
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string().optional(),
  sopInstanceUid: z.string().optional(),
  version: z.number(),
  attributes: z.record(z.string(), Attribute),
  reason: z.string(),
  writtenAt: z.string(),
});
export type TakenOverlay = z.output<typeof Overlay>;

const Series = z.object({
  id: z.string(),
  seriesInstanceUid: z.string(),
  modality: z.string(),
  number: z.number().nullable(),
  description: text,
  bodyPart: text,
});

const Study = z.object({
  id: z.string(),
  studyInstanceUid: z.string(),
  studiedAt: text,
  description: text,
  accessionNumber: text,
  accessionIssuer: text,
  referrer: text,
  modalities: z.array(z.string()),
  isOutside: z.boolean(),
  /** Rejected, or withheld until somebody has decided whose it is. */
  isSetAside: z.boolean(),
  sourceName: text,
  series: z.array(Series),
  overlays: z.array(Overlay),
});
export type TakenStudy = z.output<typeof Study>;

const Request = z.object({
  id: z.string(),
  accessionNumber: z.string(),
  issuer: z.string(),
  procedureCode: z.string(),
  procedureText: z.string(),
  bodyPart: text,
  laterality: text,
  referrer: text,
  priority: z.string(),
  question: text,
  state: z.string(),
  requestedAt: text,
  messageAt: z.string(),
});
export type TakenRequest = z.output<typeof Request>;

const Version = z.object({
  id: z.string(),
  version: z.number(),
  status: z.string(),
  author: text,
  authorRole: text,
  text: z.string(),
  reportedAt: z.string(),
});
const Report = z.object({
  id: z.string(),
  accessionNumber: z.string(),
  issuer: z.string(),
  fillerNumber: z.string(),
  versions: z.array(Version),
});
export type TakenReport = z.output<typeof Report>;

const Identity = z.object({
  recordId: z.string(),
  family: z.string(),
  given: z.string(),
  middle: z.string(),
  prefix: z.string(),
  birthDate: z.string().optional(),
  sex: z.string().optional(),
  nhsNumber: z.string().optional(),
  nhsVerified: z.boolean(),
  localNumber: z.string(),
  custodian: z.string(),
});
export type TakenIdentity = z.output<typeof Identity>;

const TakenRecord = z.object({
  custodian: z.string(),
  identity: Identity,
  studies: z.array(Study),
  requests: z.array(Request),
  reports: z.array(Report),
});
export type TakenRecord = z.output<typeof TakenRecord>;

const SignedObject = z.object({
  id: z.string(),
  seriesId: z.string(),
  isSetAside: z.boolean(),
  seriesInstanceUid: z.string(),
  sopInstanceUid: z.string(),
  sopClassUid: z.string(),
  instanceNumber: z.number().nullable(),
  transferSyntaxUid: z.string(),
  sizeBytes: z.number(),
  sha256Stored: z.string(),
  url: z.string(),
});
export type SignedObject = z.output<typeof SignedObject>;
const SignedStudy = z.object({ objects: z.array(SignedObject), next: z.string().optional() });
const SignedMessages = z.array(z.object({ versionId: z.string(), url: z.string() }));

const Before = z.object({ at: z.string(), id: z.string() });
export type Before = z.output<typeof Before>;
/** FHIR AuditEvents, as the region wrote them. */
const Events = z.object({ events: z.array(z.looseObject({})), next: Before.optional() });

/** The portal's endpoints of taking out, as an outside program uses them. */
export type TakeoutApi = {
  listRecords(whose: Whose, after: string | undefined): Promise<z.output<typeof Listed>>;
  readRecord(whose: Whose, recordId: string): Promise<TakenRecord>;
  signStudy(asked: {
    whose: Whose;
    recordId: string;
    studyId: string;
    after: string | undefined;
  }): Promise<z.output<typeof SignedStudy>>;
  signMessages(whose: Whose, recordId: string): Promise<z.output<typeof SignedMessages>>;
  readEvents(asked: {
    whose: Whose;
    recordId: string | undefined;
    before: Before | undefined;
  }): Promise<{ events: object[]; next?: Before | undefined }>;
};

export const takeoutApi = (call: PortalCall): TakeoutApi => ({
  listRecords: (whose, after) => call("takeout.listRecords", { whose, after }, Listed),
  readRecord: (whose, recordId) => call("takeout.readRecord", { whose, recordId }, TakenRecord),
  signStudy: (asked) => call("takeout.signStudy", asked, SignedStudy),
  signMessages: (whose, recordId) => call("takeout.signMessages", { whose, recordId }, SignedMessages),
  readEvents: (asked) => call("takeout.readEvents", asked, Events),
});
