import { type Actor, may, organisationOf, partsOf, type ScopedActivity } from "../kernel/index.ts";

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
  /** Beside the rest: what a person may report of every member, part by part. */
  reports: readonly ScopedActivity[];
  /** Beside the rest: what was sent to them to report. */
  sent: boolean;
  /** Nothing but `reports`, and what was sent. */
  onlyReports: boolean;
  /** Also patients with the S-flag alone, as whoever lists them masks the site: of `decideMasked`, else of `decideReading`. */
  masks: boolean;
};

const EVERYTHING: ReadingScope = {
  custodian: undefined,
  onlyRelated: false,
  orRelated: false,
  sensitiveOf: undefined,
  byRelationship: false,
  reports: [],
  sent: false,
  onlyReports: false,
  masks: false,
};

/** The same, for a list that masks the site. */
export function maskedScope(actor: Actor): ReadingScope | undefined {
  const scope = readingScope(actor);
  return scope && { ...scope, masks: actor.kind === "person" };
}

/** For our own functions, which judge what is held and show it to nobody; `decideReading` allows them all. */
export const scopeOfSystem = (actor: Actor): ReadingScope | undefined =>
  actor.kind === "system" ? EVERYTHING : undefined;

/** What `decideReading` allows, for all studies at once. `undefined`: none. */
export function readingScope(actor: Actor): ReadingScope | undefined {
  const own = organisationOf(actor) ?? undefined;
  if (actor.kind === "client") {
    if (actor.scopes.includes("studies.read.region")) return EVERYTHING;
    return actor.scopes.includes("studies.read") ? { ...EVERYTHING, custodian: own } : undefined;
  }
  const byRelationship = may(actor, "view");
  const reports = partsOf(actor, "report");
  const sent = may(actor, "report-sent");
  if (may(actor, "report")) return { ...EVERYTHING, sensitiveOf: own, byRelationship };
  if (may(actor, "acquire") || may(actor, "manage-archive"))
    return { ...EVERYTHING, custodian: own, orRelated: may(actor, "view"), byRelationship, reports, sent };
  if (may(actor, "view")) return { ...EVERYTHING, onlyRelated: true, byRelationship, reports, sent };
  return reports.length > 0 || sent ? { ...EVERYTHING, reports, sent, onlyReports: true } : undefined;
}
