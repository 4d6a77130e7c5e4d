import type { ReportState } from "../reporting/index.ts";
import type { Completeness, Copy } from "../study/index.ts";
import type { Region } from "./anatomy.ts";
import type { SideSaid } from "./side.ts";

/** The same study of the same patient in another trust, and whether it has a report there. */
export type RowCopy = Copy & { reportState: ReportState };

/** What stands for a series: a picture that can be asked for, or why there is none. */
export type Picture = { seriesId: string; modality: string; state: string };

/** The latest version of a report, for a glance. */
export type ReportGlance = {
  /** In the report's own words. */
  impression: string;
  author: string | undefined;
  reportedAt: string;
};

/** One study of a patient, as far as a page that tells their whole story needs it. */
export type TimelineRow = {
  studyId: string;
  custodian: string;
  studyInstanceUid: string;
  patientId: string;
  studiedAt: string | undefined;
  studyDate: string | undefined;
  modalities: string[];
  bodyParts: string[];
  /** What it shows, by code, body part and words: for filters and for ranking. */
  regions: Region[];
  side: SideSaid;
  description: string | undefined;
  accessionNumber: string | undefined;
  site: string | undefined;
  isOutside: boolean;
  /** Outside images: where the disc came from. */
  sourceName: string | undefined;
  /** Who else holds it, as far as this actor may know. Where a set is equal, this row stands for both. */
  copies: RowCopy[];
  reportState: ReportState;
  /** `undefined`: none was received, or its trust doesn't share reports. */
  report: ReportGlance | undefined;
  seriesCount: number;
  imageCount: number;
  completeness: Completeness;
  /** The first series of images: what a viewer shows first. */
  firstSeriesId: string | undefined;
  pictures: Picture[];
  /** It came since this person last looked at this patient. */
  isNew: boolean;
};

/** What was asked for or booked, and has not come. */
export type Expected = {
  requestId: string;
  custodian: string;
  procedure: string;
  modality: string | undefined;
  laterality: string | undefined;
  state: "requested" | "booked" | "arrived";
  requestedAt: string | undefined;
  scheduledAt: string | undefined;
};

/** What is withheld of a patient, and why: each with what can be done about it. */
export type Withheld = { custodian: string; studies: number; why: "restricted" | "not-shared" };
