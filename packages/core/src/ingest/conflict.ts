import type { QuarantineCode } from "./ingest-errors.ts";

/** Objects that come under a UID which something else holds: solved by a person, side by side (clinical page §17). */
export const CONFLICTS = [
  "UID_CONFLICT",
  "PATIENT_MISMATCH",
  "SERIES_MISMATCH",
] as const satisfies readonly QuarantineCode[];
export type ConflictCode = (typeof CONFLICTS)[number];

export const isConflict = (code: string): code is ConflictCode => CONFLICTS.some((one) => one === code);

/** *keep*: what is here stays. *replace*: the newcomer is its new version. *both*: the newcomer is another patient's. */
export const WAYS = ["keep", "replace", "both"] as const;
export type Way = (typeof WAYS)[number];

export const STATE_OF = { keep: "kept", replace: "replaced", both: "both" } as const satisfies Record<
  Way,
  string
>;

type Place = { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUid: string };

/** A new version of a thing is the same thing: what says that it belongs to another series, study or patient is none. */
export const isVersionOf = (code: ConflictCode, here: Place, came: Place): boolean =>
  code === "UID_CONFLICT" &&
  here.sopInstanceUid === came.sopInstanceUid &&
  here.seriesInstanceUid === came.seriesInstanceUid &&
  here.studyInstanceUid === came.studyInstanceUid;
