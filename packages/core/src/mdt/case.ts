import { z } from "zod";
import { Day } from "./meeting.ts";

export const CASE_STATES = ["listed", "removed", "discussed", "deferred"] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** Listing a patient is a grant, and has a basis (clinical page §4). */
export const BASES = ["request", "referral", "member"] as const;
export type Basis = (typeof BASES)[number];

export const SOURCES = ["paste", "import", "study", "referral", "deferred", "by-hand"] as const;
export type Source = (typeof SOURCES)[number];

export const MATCHED_HOW = [
  "nhs-and-birth-date",
  "nhs-and-surname",
  "confirmed",
  "study",
  "referral",
  "deferred",
] as const;
export type MatchedHow = (typeof MATCHED_HOW)[number];

/** Of an operation; `none` says that it has no side. */
export const CASE_SIDES = ["L", "R", "B", "none"] as const;
export type CaseSide = (typeof CASE_SIDES)[number];

const words = (longest: number) => z.string().trim().max(longest);

/** Groups of fields of a case, each with a version of its own: two who edit different ones never meet. */
export const QuestionFields = z.object({ question: words(2000) });
export const DetailsFields = z.object({
  referrer: words(200),
  targetDate: Day.nullish(),
  pathway: words(80),
  /** Of a theatre list; left out they stay as they are. */
  procedure: words(200).optional(),
  side: z.enum(CASE_SIDES).nullish(),
});
export const PlaceFields = z.object({ groupName: words(80) });
export const PeopleFields = z.object({
  presenterId: words(120).nullish(),
  radiologistId: words(120).nullish(),
  site: words(80),
});
export type FieldGroup = "question" | "details" | "place" | "people";
export type Versions = Record<FieldGroup, number>;

export type MeetingCase = {
  id: string;
  meetingId: string;
  organisation: string;
  patientRecordId: string;
  patientId: string;
  matchedHow: MatchedHow;
  state: CaseState;
  source: Source;
  sourceId: string | undefined;
  basis: Basis;
  basisWords: string;
  /** A member's own act, where the patient is sensitive. */
  actOf: string | undefined;
  question: string;
  referrer: string;
  targetDate: string | undefined;
  pathway: string;
  procedure: string;
  side: CaseSide | undefined;
  position: number;
  groupName: string;
  presenterId: string | undefined;
  radiologistId: string | undefined;
  site: string;
  versions: Versions;
  addedBy: string;
  addedAt: Date;
  removedReason: string | undefined;
  changedBy: string;
  changedAt: Date;
};

/** What a person decided of a study for a case. */
export const STUDY_PARTS = ["current", "prior", "removed"] as const;
export type StudyPart = (typeof STUDY_PARTS)[number];

export const PIN_KINDS = ["key-image", "view", "series"] as const;
export type PinKind = (typeof PIN_KINDS)[number];

export const PATHOLOGY_STATES = ["noted", "awaited", "not-needed"] as const;
export type PathologyState = (typeof PATHOLOGY_STATES)[number];

export const OUTSIDE_STATES = ["asked", "promised", "arrived", "not-available"] as const;
export type OutsideState = (typeof OUTSIDE_STATES)[number];

/** What a case can lack, and can be asked for. */
export const ASPECTS = [
  "operation",
  "images",
  "report",
  "priors",
  "key-images",
  "question",
  "pathology",
  "presenter",
  "requirement",
] as const;
export type AspectName = (typeof ASPECTS)[number];

/** A study as it stood when a case was prepared or signed. */
export const FixedStudy = z.object({
  studyId: z.uuid(),
  servedVersion: z.number().int(),
  images: z.number().int(),
});
export const FixedReport = z.object({ studyId: z.uuid(), reportId: z.uuid(), version: z.number().int() });
export const Fixed = z.object({ studies: z.array(FixedStudy), reports: z.array(FixedReport) });
export type Fixed = z.output<typeof Fixed>;
