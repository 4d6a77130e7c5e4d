export type { Kind } from "../organisation/index.ts";
export { agreedOn } from "./agreed.ts";
export { breakGlass } from "./break-glass.ts";
export { findLeftBehind, ownRecordsOf } from "./facts.store.ts";
export { GLASS_OUTCOMES, GLASS_REASONS } from "./glass.ts";
export { endObjection, listObjections, recordObjection } from "./object.ts";
export { endGlass, listOwnGlass } from "./own-glass.ts";
export {
  CARING,
  decideMasked,
  decideReading,
  GLASS,
  isCaring,
  isSiteMasked,
  MASKING,
  mayRead,
  mayReadMasked,
  purposeOfLook,
  type ReadingFacts,
  sampleFacts,
} from "./reading.policy.ts";
export { closesAt, type Held, isShared, readingFacts } from "./reading-facts.ts";
export {
  findCustodiansSharing,
  isMaskedRow,
  sayable,
  scopeConditions,
  trustConditions,
} from "./reading-scope.store.ts";
export { maskedScope, type ReadingScope, readingScope, scopeOfSystem } from "./reading-scope.ts";
export { mayRecordObjection } from "./record.policy.ts";
export {
  type Assignment,
  assignmentsOf,
  endAssignment,
  type ListedFor,
  type NewRelationship,
  patientsOf,
  type RelationshipSource,
  relate,
  relateAllExactly,
  relateExactly,
  relationshipsOf,
  type Wanted,
} from "./relationship.store.ts";
export { countGlass, listGlass, reviewGlass } from "./review-glass.ts";
export { stateOwnRecord } from "./state-own-record.ts";
export { STATEMENTS, stateRelationship } from "./state-relationship.ts";
export {
  noteConfirmations,
  type StatementRow,
  statementCounts,
  statementsToJudge,
} from "./statement.store.ts";
