import { type Actor, may, organisationOf } from "../kernel/index.ts";

/** Which studies a list may hold for an actor, as data that a store turns into SQL. Property: list(scope) = filter(all, decide). */
export type ReadingScope = {
  /** `undefined`: every member. */
  custodian: string | undefined;
  /** Only patients with whom the person has a relationship in force. */
  onlyRelated: boolean;
  /** Beside `custodian`, the patients with whom the person has a relationship in force. */
  orRelated: boolean;
  /** Sensitive records stand on nobody's list but their custodian's reporters'. */
  sensitiveOf: string | undefined;
};

const EVERYTHING: ReadingScope = {
  custodian: undefined,
  onlyRelated: false,
  orRelated: false,
  sensitiveOf: undefined,
};

/** What `decideReading` allows, for all studies at once. `undefined`: none. */
export function readingScope(actor: Actor): ReadingScope | undefined {
  const own = organisationOf(actor) ?? undefined;
  if (actor.kind === "client") {
    if (actor.scopes.includes("studies.read.region")) return EVERYTHING;
    return actor.scopes.includes("studies.read") ? { ...EVERYTHING, custodian: own } : undefined;
  }
  if (may(actor, "report")) return { ...EVERYTHING, sensitiveOf: own };
  if (may(actor, "acquire") || may(actor, "manage-archive"))
    return { ...EVERYTHING, custodian: own, orRelated: may(actor, "view") };
  return may(actor, "view") ? { ...EVERYTHING, onlyRelated: true } : undefined;
}
