import * as Access from "../access/index.ts";
import { type Actor, may, partsOf } from "../kernel/index.ts";
import type { ListKind } from "./worklist.ts";

/** Whose list it is, and what it may hold. */
export type Scope = Access.ReadingScope & { kind: ListKind };

function kindOf(actor: Actor): ListKind {
  if (actor.kind !== "person") return "none";
  if (may(actor, "report-sent")) return "reporting";
  if (may(actor, "report") || partsOf(actor, "report").length > 0) return "reporting";
  if (may(actor, "acquire") || may(actor, "manage-archive")) return "own-trust";
  if (!may(actor, "view")) return "none";
  return may(actor, "list-for-mdt") ? "meetings" : "relationships";
}

const NOTHING = {
  custodian: undefined,
  onlyRelated: true,
  orRelated: false,
  sensitiveOf: undefined,
  byRelationship: false,
  reports: [],
  sent: false,
  onlyReports: false,
  masks: false,
};

/** Everyone starts from their own list (clinical page §4). */
export const scopeOf = (actor: Actor): Scope => ({
  ...(Access.maskedScope(actor) ?? NOTHING),
  kind: kindOf(actor),
});

/**
 * What of a list one trust's studies can stand on. Who has their own trust's and their patients' has of another trust only their
 * patients': as one condition on two trusts it would be asked of all that the other holds.
 */
export const ofTrust = (scope: Scope, trust: string | undefined): Scope =>
  trust && scope.custodian && scope.custodian !== trust && scope.orRelated
    ? { ...scope, custodian: undefined, onlyRelated: true }
    : scope;
