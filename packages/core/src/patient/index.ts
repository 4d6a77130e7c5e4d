export { addressKey } from "./address-key.ts";
export { hasDied, noteDeath } from "./death.store.ts";
export { findContradictedMerges, hearMerge, type Merge, undoToldMerge } from "./hear-merge.ts";
export { hearStatement } from "./hear-statement.ts";
export { joinRecords, partRecords, type RecordJoin, survivorOf } from "./join-records.ts";
export {
  isChosenPerson,
  isSamePersonInTrust,
  type Judgement,
  judgePair,
  type MatchFacts,
} from "./judge-pair.ts";
export { listPairs } from "./list-pairs.ts";
export { lookUp } from "./look-up-patient.ts";
export { endMark, listMarks, markRecord } from "./mark-record.ts";
export { markSensitive } from "./mark-sensitive.ts";
export { isSiteHidden, siteMasked, withoutSite } from "./mask-site.ts";
export { type AnyMerge, findMerge, type MadeMerge, noteMovedStudies, readMerges } from "./merge.store.ts";
export { givenKey, isTemporaryName, nameKey } from "./name-key.ts";
export { neverLink } from "./never-link.ts";
export { compareWords, type Held, type Said, type Stated, takeNewest, type Word } from "./newest-word.ts";
export { type NhsNumber, nhsNumberOf, spaced } from "./nhs-number.ts";
export { findRecordIdsOf } from "./of-custodian.store.ts";
export {
  countFamilies,
  findCrowdedHouseholds,
  findRecord,
  findRecordsByIds,
  findRecordsByNhsNumber,
  findRecordsByNhsNumbers,
  findRecordsByNumbers,
  findRecordsOfPatient,
  findRecordsOfPatients,
  type RecordRow,
} from "./patient.store.ts";
export { matchFactsOf, type PatientIdentity, type StatedIdentity } from "./patient.ts";
export { type Resolved, resolveRecord } from "./resolve-record.ts";
export { HIDDEN, isHidden, SENSITIVITIES, type Sensitivity } from "./sensitivity.ts";
export type { Says, StatedName, Statement } from "./statement.ts";
