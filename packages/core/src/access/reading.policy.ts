import {
  type Actor,
  allow,
  type ClientActor,
  type Decision,
  definePolicy,
  deny,
  may,
} from "../kernel/index.ts";
import {
  aCoordinator,
  aGateway,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  aSystem,
  theSystem,
} from "../kernel/sample-actors.ts";

/** What decides whether a person may open what a custodian holds on a patient. */
export type ReadingFacts = {
  custodian: string;
  sensitivities: readonly string[];
  /** A relationship of this person with this patient that is in force. */
  hasRelationship: boolean;
};

const isOwnTrust = (actor: Actor, custodian: string) =>
  actor.kind !== "system" && actor.organisation === custodian;

/** Another system reads its own trust's, or every member's, as it was registered (docs/security.md). */
function decideClient(actor: ClientActor, facts: ReadingFacts): Decision {
  if (actor.scopes.includes("studies.read.region")) return allow;
  if (!actor.scopes.includes("studies.read")) return deny("not-for-this-role");
  return actor.organisation === facts.custodian ? allow : deny("other-trust");
}

function decideOrdinary(actor: Actor, facts: ReadingFacts): Decision {
  if (actor.kind === "client") return decideClient(actor, facts);
  if (may(actor, "report")) return allow;
  if (facts.hasRelationship && may(actor, "view")) return allow;
  if (!may(actor, "acquire") && !may(actor, "manage-archive")) {
    return may(actor, "view") ? deny("no-relationship") : deny("not-for-this-role");
  }
  return isOwnTrust(actor, facts.custodian) ? allow : deny("other-trust");
}

/**
 * The defaults of the region: reporters read what they may report in all members; clinicians whom they have a relationship
 * with; radiographers and PACS managers their own trust; what is sensitive opens to its custodian's reporters only, until
 * break-glass comes (issue 4).
 */
export function decideReading(actor: Actor, facts: ReadingFacts): Decision {
  if (actor.kind === "system") return allow;
  if (facts.sensitivities.length === 0) return decideOrdinary(actor, facts);
  return may(actor, "report") && isOwnTrust(actor, facts.custodian) ? allow : deny("sensitive");
}

const facts = (custodian: string, more: Partial<ReadingFacts> = {}): ReadingFacts => ({
  custodian,
  sensitivities: [],
  hasRelationship: false,
  ...more,
});

export const mayRead = definePolicy<ReadingFacts>({
  name: "access.read",
  decide: decideReading,
  cases: [
    {
      says: "a radiologist reads another member's study",
      actor: aRadiologist,
      facts: facts("RTK"),
      expect: "allow",
    },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: facts("RYR"),
      expect: "no-relationship",
    },
    {
      says: "a clinician with one, any trust",
      actor: anEdClinician,
      facts: facts("RXC", { hasRelationship: true }),
      expect: "allow",
    },
    { says: "a radiographer in their own trust", actor: aRadiographer, facts: facts("RXC"), expect: "allow" },
    {
      says: "a radiographer in another trust",
      actor: aRadiographer,
      facts: facts("RA2"),
      expect: "other-trust",
    },
    { says: "a PACS manager in their own trust", actor: aPacsManager, facts: facts("RXC"), expect: "allow" },
    {
      says: "a PACS manager of another trust",
      actor: anotherPacsManager,
      facts: facts("RXC"),
      expect: "other-trust",
    },
    {
      says: "a coordinator without a meeting's list",
      actor: aCoordinator,
      facts: facts("RA2"),
      expect: "no-relationship",
    },
    {
      says: "a coordinator with the patient on a list",
      actor: aCoordinator,
      facts: facts("RXC", { hasRelationship: true }),
      expect: "allow",
    },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: facts("RTK"), expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: facts("RXC"), expect: "not-for-this-role" },
    { says: "a trust's system, its own trust", actor: aSystem, facts: facts("RXC"), expect: "allow" },
    { says: "a trust's system, another trust", actor: aSystem, facts: facts("RTK"), expect: "other-trust" },
    {
      says: "a system registered for the region",
      actor: aRegionalSystem,
      facts: facts("RTK"),
      expect: "allow",
    },
    {
      says: "a sensitive record, a system even of its custodian",
      actor: aRegionalSystem,
      facts: facts("RXC", { sensitivities: ["vip"] }),
      expect: "sensitive",
    },
    { says: "our own functions", actor: theSystem, facts: facts("RXC"), expect: "allow" },
    {
      says: "a sensitive record, a reporter of its custodian",
      actor: aRadiologist,
      facts: facts("RXC", { sensitivities: ["vip"] }),
      expect: "allow",
    },
    {
      says: "a sensitive record, a reporter elsewhere",
      actor: aRadiologist,
      facts: facts("RTK", { sensitivities: ["safeguarding"] }),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, a clinician's statement opens none",
      actor: anEdClinician,
      facts: facts("RYR", { sensitivities: ["vip"], hasRelationship: true }),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, its own PACS manager",
      actor: aPacsManager,
      facts: facts("RXC", { sensitivities: ["staff"] }),
      expect: "sensitive",
    },
  ],
});
