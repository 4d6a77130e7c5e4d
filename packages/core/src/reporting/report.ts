export const REPORT_STATUSES = ["preliminary", "final", "amended", "addendum", "cancelled"] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** A report as a message states it. */
export type StatedReport = {
  accessionNumber: string;
  issuer: string;
  fillerNumber: string;
  status: ReportStatus;
  author: string | undefined;
  authorRole: string | undefined;
  text: string;
  reportedAt: Date;
  /** Flagged as what can't wait: HL7 table 0078. */
  alert?: string | undefined;
};

/** One version of a report, its text as it was received. */
export type ReportVersion = {
  version: number;
  status: ReportStatus;
  author: string | undefined;
  authorRole: string | undefined;
  trust: string;
  text: string;
  reportedAt: string;
};

/**
 * What may be said of a study's report. "No report received" is another sentence than "not reported": the first says
 * nothing of the trust's work, the second that a request stands and no report came for it.
 */
export type ReportState =
  | "none-received"
  | "not-reported"
  | "preliminary"
  | "final"
  | "amended"
  | "addendum"
  | "cancelled";

export const reportStateOf = (newest: ReportStatus | undefined, hasRequest: boolean): ReportState => {
  if (newest) return newest;
  return hasRequest ? "not-reported" : "none-received";
};

export type StudyReport = {
  state: ReportState;
  /** The latest first. */
  versions: ReportVersion[];
  /** A report or request under this accession number names another patient: one of the two is wrong, and a person must look. */
  isTiedToAnother: boolean;
  request:
    | {
        accessionNumber: string;
        procedure: string;
        question: string | undefined;
        referrer: string | undefined;
        priority: string;
        state: string;
        requestedAt: string | undefined;
      }
    | undefined;
};
