import type { ReportState } from "../reporting/index.ts";
import type { Completeness } from "../study/index.ts";

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
  reportState: ReportState;
  completeness: Completeness;
};

/** Whose list it is, so that the page can say it, and say what to do when it is empty. */
export type ListKind = "reporting" | "relationships" | "own-trust" | "meetings" | "none";
