export { type AuditServer, auditEventOf, KEPT_BY } from "./balp.ts";
export {
  countEvents,
  type EventCount,
  type EventFilter,
  findEvents,
  findLooksAt,
  findLooksBetween,
} from "./event.store.ts";
export type { SealFault } from "./judge-seal.ts";
export { mergeSpool } from "./merge-spool.ts";
export { lastOpenedAt } from "./opened.store.ts";
export { countUntold } from "./outbox.store.ts";
export { findOwnLastLook, findOwnLatestPatients } from "./own-looks.store.ts";
export { type PlainLook, plainLooks } from "./plain-looks.ts";
export { presumeDisplayed } from "./presume-displayed.ts";
export type { AuditRecord } from "./record.ts";
export { relayOutbox } from "./relay-outbox.ts";
export { findLastVerification } from "./seal.store.ts";
export { sealRows } from "./seal-rows.ts";
export { verifySeals } from "./verify-seals.ts";
