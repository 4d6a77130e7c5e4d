import type { ReportState } from "../reporting/index.ts";
import type { Completeness, Copy } from "../study/index.ts";

/** The same study of the same patient in another trust, and whether it has a report there. */
export type RowCopy = Copy & { reportState: ReportState };

/** One study in a list. */
export type WorklistRow = {
  studyId: string;
  custodian: string;
  studyInstanceUid: string;
  patientId: string;
  patient: {
    family: string;
    given: string;
    birthDate: string | undefined;
    sex: string | undefined;
    nhsNumber: string | undefined;
    localNumber: string;
    nameDiffers: boolean;
  };
  studiedAt: string | undefined;
  studyDate: string | undefined;
  modalities: string[];
  bodyParts: string[];
  description: string | undefined;
  accessionNumber: string | undefined;
  isOutside: boolean;
  /** Outside images: where the disc came from. */
  sourceName: string | undefined;
  /** Who else holds it, as far as this actor may know. Where a set is equal, this row stands for both. */
  copies: RowCopy[];
  reportState: ReportState;
  completeness: Completeness;
  /** Where it was made is masked for this actor: no trust, no number, no copies. */
  isMasked: boolean;
};

/** Whose list it is, so that the page can say it, and say what to do when it is empty. */
export type ListKind = "reporting" | "relationships" | "own-trust" | "meetings" | "none";
