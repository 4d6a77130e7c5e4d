import type { MatchFacts } from "./judge-pair.ts";
import { givenKey, isTemporaryName, nameKey } from "./name-key.ts";
import { nhsNumberOf } from "./nhs-number.ts";

/** Who an object, a request or a report says that its patient is. */
export type StatedIdentity = {
  localNumber: string;
  issuer: string | undefined;
  /** As it came: it may be no valid number. */
  nhsNumber: string | undefined;
  nhsVerified: boolean;
  family: string;
  given: string;
  middle: string;
  prefix: string;
  ideographic: string | undefined;
  phonetic: string | undefined;
  /** YYYY-MM-DD */
  birthDate: string | undefined;
  /** M, F, O as DICOM has it. */
  sex: string | undefined;
};

/** What the banner shows, everywhere (clinical page §3). */
export type PatientIdentity = {
  patientId: string;
  recordId: string;
  family: string;
  given: string;
  middle: string;
  prefix: string;
  ideographic: string | undefined;
  birthDate: string | undefined;
  sex: string | undefined;
  nhsNumber: string | undefined;
  nhsVerified: boolean;
  localNumber: string;
  custodian: string;
  nameDiffers: boolean;
  isTemporary: boolean;
};

export const matchFactsOf = (identity: StatedIdentity): MatchFacts => ({
  nhsNumber: nhsNumberOf(identity.nhsNumber),
  familyKey: nameKey(identity.family),
  givenKey: givenKey(identity.given),
  birthDate: identity.birthDate,
  sex: identity.sex,
  isTemporary: isTemporaryName(identity.family, identity.given),
});
