export { lastOpenedAt } from "./opened.store.ts";
export { type AuditServer, auditEventOf } from "./balp.ts";
export type { SealFault } from "./judge-seal.ts";
export { mergeSpool } from "./merge-spool.ts";
export { presumeDisplayed } from "./presume-displayed.ts";
export type { AuditRecord } from "./record.ts";
export { relayOutbox } from "./relay-outbox.ts";
export { sealRows } from "./seal-rows.ts";
export { verifySeals } from "./verify-seals.ts";
