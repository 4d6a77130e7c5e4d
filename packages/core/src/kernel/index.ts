export { type Action, type ActionInfo, defineAction, defineBatchAction, type PartResult } from "./action.ts";
export {
  ACTIVITIES,
  type Activity,
  type Actor,
  type ClientActor,
  keepsAtEdge,
  may,
  mayFor,
  organisationOf,
  type Part,
  type PatientActor,
  type PersonActor,
  partsOf,
  ROLES,
  type Role,
  type ScopedActivity,
  type SystemActor,
} from "./actor.ts";
export type { AuditFailing, AuditSpec, AuditSubject, AuditVerb } from "./audit.ts";
export { SPOOL_PREFIX } from "./audit-spool.ts";
export type {
  CrashPoint,
  Ctx,
  LogLine,
  Ports,
  Service,
  Source,
} from "./ctx.ts";
export {
  AccessDenied,
  AuditUnavailable,
  Conflict,
  DisplayOnly,
  type ErrorKind,
  Invalid,
  NotFound,
  SessionOver,
  WealdError,
} from "./errors.ts";
export { allow, type Decision, definePolicy, deny, hide, type Policy, type PolicyCase } from "./policy.ts";
export { PURPOSES, type Purpose, purposeOf } from "./purpose.ts";
export { freshlyProved, isLocked, linkUsedWithin } from "./standing.store.ts";
export type { SessionStanding, Tx } from "./tx.ts";
