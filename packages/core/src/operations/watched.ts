import { type AuditSpec, organisationOf, type Tx } from "../kernel/index.ts";

/** Whose figures they are: always the asker's own trust's. */
export const ownTrust = (tx: Tx): string => organisationOf(tx.actor) ?? "";

/** A page that asks each minute is one look in a quarter of an hour. Its row says which part, and nothing of anybody. */
export const watched = {
  how: "coalesced",
  verb: "listed",
  subjects: (_input: unknown, done?: { custodian: string }) => (done ? { custodian: done.custodian } : {}),
} satisfies AuditSpec<unknown, { custodian: string }>;
