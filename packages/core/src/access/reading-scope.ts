import { type Actor, may, organisationOf } from "../kernel/index.ts";

/** Which studies a list may hold for an actor, as data that a store turns into SQL. Property: list(scope) = filter(all, decide). */
export type ReadingScope = {
  /** `undefined`: every member. */
  custodian: string | undefined;
  /** Only patients with whom the person has a relationship in force. */
  onlyRelated: boolean;
  /** Beside `custodian`, the patients with whom the person has a relationship in force. */
  orRelated: boolean;
  /** Whose sensitive records a reporter may have: their own trust's. */
  sensitiveOf: string | undefined;
  /** What others said of the person's part in a patient's care, or broken glass, opens what is closed otherwise. */
  byRelationship: boolean;
};

const EVERYTHING: ReadingScope = {
  custodian: undefined,
  onlyRelated: false,
  orRelated: false,
  sensitiveOf: undefined,
  byRelationship: false,
};

/** What `decideReading` allows, for all studies at once. `undefined`: none. */
export function readingScope(actor: Actor): ReadingScope | undefined {
  const own = organisationOf(actor) ?? undefined;
  if (actor.kind === "client") {
    if (actor.scopes.includes("studies.read.region")) return EVERYTHING;
    return actor.scopes.includes("studies.read") ? { ...EVERYTHING, custodian: own } : undefined;
  }
  const byRelationship = may(actor, "view");
  if (may(actor, "report")) return { ...EVERYTHING, sensitiveOf: own, byRelationship };
  if (may(actor, "acquire") || may(actor, "manage-archive"))
    return { ...EVERYTHING, custodian: own, orRelated: may(actor, "view"), byRelationship };
  return may(actor, "view") ? { ...EVERYTHING, onlyRelated: true, byRelationship } : undefined;
}
