import {
  type Actor,
  allow,
  type ClientActor,
  type Decision,
  definePolicy,
  deny,
  hide,
  may,
  mayFor,
  type Purpose,
} from "../kernel/index.ts";
import {
  aCaldicottGuardian,
  aCoordinator,
  aGateway,
  anEdClinician,
  anOutsideReporter,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  aSafetyOfficer,
  aSystem,
  theSystem,
} from "../kernel/sample-actors.ts";
import { isHidden } from "../patient/index.ts";

/** What decides whether somebody may open what a custodian holds on a patient. */
export type ReadingFacts = {
  custodian: string;
  /**
   * Whether the custodian shares this kind of data with the actor's organisation, for their purpose. With `endedAt`: until
   * then, and this actor had opened it before.
   */
  agreement: "own" | "in-force" | "none" | "ended" | { readonly endedAt: Date };
  sensitivities: readonly string[];
  /** Kinds of the relationships of this person with this patient that are in force. */
  relationships: readonly string[];
  /** Of the study, as `report` may be given for a part. */
  modalities: readonly string[];
  bodyParts: readonly string[];
  /** This study was sent to this person to report, by the trust that holds it. */
  isSentToThem: boolean;
  /** They are this patient. */
  isOwnRecord: boolean;
  /** The patient asked that this isn't seen beyond the custodian. */
  isObjectedTo: boolean;
};

/** Said by others than the reader. Being listed for a meeting opens nothing sensitive: that takes a member's own act. */
export const CARING = ["referral", "request", "admission", "clinic", "reporting"] as const;
/** Broken glass is a relationship too: its person's, for four hours. */
export const GLASS = "glass";

const isOwnTrust = (actor: Actor, custodian: string) =>
  actor.kind !== "system" && actor.organisation === custodian;

/** Somebody else said that they care for this patient, or they broke the glass: who may know where the patient was. */
export const isCaring = (facts: Pick<ReadingFacts, "relationships">): boolean =>
  facts.relationships.some((kind) => kind === GLASS || CARING.some((one) => one === kind));

const cares = ({ relationships }: ReadingFacts) => CARING.some((kind) => relationships.includes(kind));
const passesBy = (actor: Actor, { relationships }: ReadingFacts) =>
  relationships.includes(GLASS) && may(actor, "view");

function decideSharing(actor: Actor, { custodian, agreement }: ReadingFacts): Decision {
  if (isOwnTrust(actor, custodian)) return allow;
  if (agreement === "none") return deny("not-agreed");
  return agreement === "ended" ? deny("agreement-ended") : allow;
}

function opensSensitive(actor: Actor, facts: ReadingFacts): boolean {
  if (passesBy(actor, facts) || (cares(facts) && may(actor, "view"))) return true;
  return mayFor(actor, "report", facts) && isOwnTrust(actor, facts.custodian);
}

function decideExceptions(actor: Actor, facts: ReadingFacts): Decision {
  if (facts.isOwnRecord) return deny("own-record");
  const sharing = decideSharing(actor, facts);
  if (!sharing.allowed) return sharing;
  if (facts.sensitivities.length > 0 && !opensSensitive(actor, facts))
    return isHidden(facts.sensitivities) ? hide("sensitive") : deny("sensitive");
  if (facts.isObjectedTo && !isOwnTrust(actor, facts.custodian) && !passesBy(actor, facts))
    return deny("objection");
  return allow;
}

/** Another system reads its own trust's, or every member's, as it was registered (docs/security.md). */
function decideClient(actor: ClientActor, facts: ReadingFacts): Decision {
  if (actor.scopes.includes("studies.read.region")) return allow;
  if (!actor.scopes.includes("studies.read")) return deny("not-for-this-role");
  return actor.organisation === facts.custodian ? allow : deny("other-trust");
}

function decideOrdinary(actor: Actor, facts: ReadingFacts): Decision {
  if (actor.kind === "client") return decideClient(actor, facts);
  if (mayFor(actor, "report", facts)) return allow;
  if (may(actor, "report-sent") && facts.isSentToThem) return allow;
  if (facts.relationships.length > 0 && may(actor, "view")) return allow;
  if (!may(actor, "acquire") && !may(actor, "manage-archive")) {
    if (may(actor, "view")) return deny("no-relationship");
    return may(actor, "report-sent") ? deny("not-sent") : deny("not-for-this-role");
  }
  return isOwnTrust(actor, facts.custodian) ? allow : deny("other-trust");
}

/**
 * The defaults of the region, after its exceptions. Reporters read what they may report in all members; clinicians whom they
 * have a relationship with; radiographers and PACS managers their own trust. Nobody reads their own record as staff; nothing
 * passes where no agreement covers it; what is sensitive opens to who cares for the patient by somebody else's word, to its
 * custodian's reporters, and by break-glass; what a patient objects to stays with its custodian, but for break-glass.
 */
export function decideReading(actor: Actor, facts: ReadingFacts): Decision {
  if (actor.kind === "system") return allow;
  const exceptions = decideExceptions(actor, facts);
  return exceptions.allowed ? decideOrdinary(actor, facts) : exceptions;
}

const CARE = ["admission", "clinic", "referral", "request", "mdt", "statement"];

/**
 * Why somebody looks at a patient, by the way that led them there (clinical page §4): broken glass, who they are to the
 * patient by others' word or their own, or a reporting assignment; else what their own list is for.
 */
export function purposeOfLook(
  actor: Actor,
  { relationships, isSentToThem }: Pick<ReadingFacts, "relationships" | "isSentToThem">,
): Purpose | undefined {
  if (actor.kind !== "person") return undefined;
  if (relationships.includes(GLASS)) return "emergency";
  if (relationships.some((kind) => CARE.includes(kind))) return "direct-care";
  return isSentToThem || relationships.includes("reporting") ? "reporting" : undefined;
}

/** For tables of cases: an ordinary study of a trust that shares, read without a relationship. */
export const sampleFacts = (custodian: string, more: Partial<ReadingFacts> = {}): ReadingFacts => ({
  custodian,
  agreement: "in-force",
  sensitivities: [],
  relationships: [],
  modalities: [],
  bodyParts: [],
  isSentToThem: false,
  isOwnRecord: false,
  isObjectedTo: false,
  ...more,
});
const facts = sampleFacts;
const aChestReporter: Actor = {
  ...aRadiographer,
  scoped: [{ activity: "report", modalities: ["DX", "CR"], bodyParts: ["CHEST"] }],
};

export const mayRead = definePolicy<ReadingFacts>({
  name: "access.read",
  decide: decideReading,
  isEmergency: ({ relationships }) => relationships.includes(GLASS),
  purposeOf: purposeOfLook,
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
      facts: facts("RXC", { relationships: ["statement"] }),
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
      facts: facts("RXC", { relationships: ["statement"] }),
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
      facts: facts("RYR", { sensitivities: ["vip"], relationships: ["statement"] }),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, its own PACS manager",
      actor: aPacsManager,
      facts: facts("RXC", { sensitivities: ["staff"] }),
      expect: "sensitive",
    },
    {
      says: "what is private even to exist is as if absent",
      actor: anEdClinician,
      facts: facts("RXC", { sensitivities: ["sexual-health"], relationships: ["statement"] }),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, its patient was referred to them",
      actor: anEdClinician,
      facts: facts("RXC", { sensitivities: ["safeguarding"], relationships: ["referral"] }),
      expect: "allow",
    },
    {
      says: "a sensitive record, listed for their meeting",
      actor: aCoordinator,
      facts: facts("RXC", { sensitivities: ["vip"], relationships: ["mdt"] }),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, they broke the glass",
      actor: anEdClinician,
      facts: facts("RXC", { sensitivities: ["forensic"], relationships: ["glass"] }),
      expect: "allow",
    },
    {
      says: "a reporter's own record, even of their own trust",
      actor: aRadiologist,
      facts: facts("RXC", { isOwnRecord: true }),
      expect: "own-record",
    },
    {
      says: "breaking the glass opens nobody's own record",
      actor: anEdClinician,
      facts: facts("RXC", { isOwnRecord: true, relationships: ["glass"] }),
      expect: "own-record",
    },
    {
      says: "the patient objects, a reporter of another trust",
      actor: aRadiologist,
      facts: facts("RTK", { isObjectedTo: true }),
      expect: "objection",
    },
    {
      says: "the patient objects, a reporter of the trust that holds it",
      actor: aRadiologist,
      facts: facts("RXC", { isObjectedTo: true }),
      expect: "allow",
    },
    {
      says: "the patient objects, who treats them elsewhere",
      actor: anEdClinician,
      facts: facts("RXC", { isObjectedTo: true, relationships: ["admission"] }),
      expect: "objection",
    },
    {
      says: "the patient objects, the glass is broken",
      actor: anEdClinician,
      facts: facts("RXC", { isObjectedTo: true, relationships: ["glass"] }),
      expect: "allow",
    },
    {
      says: "the patient objects, a system of the region",
      actor: aRegionalSystem,
      facts: facts("RTK", { isObjectedTo: true }),
      expect: "objection",
    },
    {
      says: "no agreement covers it",
      actor: aRadiologist,
      facts: facts("RTK", { agreement: "none" }),
      expect: "not-agreed",
    },
    {
      says: "the agreement has ended",
      actor: aRadiologist,
      facts: facts("RTK", { agreement: "ended" }),
      expect: "agreement-ended",
    },
    {
      says: "the agreement ended while they had it open",
      actor: aRadiologist,
      facts: facts("RTK", { agreement: { endedAt: new Date(0) } }),
      expect: "allow",
    },
    {
      says: "breaking the glass renews no agreement",
      actor: anEdClinician,
      facts: facts("RTK", { agreement: "ended", relationships: ["glass"] }),
      expect: "agreement-ended",
    },
    {
      says: "who was given chest radiographs to report, such a study of another member",
      actor: aChestReporter,
      facts: facts("RTK", { modalities: ["DX"], bodyParts: ["CHEST"] }),
      expect: "allow",
    },
    {
      says: "the same person, another part",
      actor: aChestReporter,
      facts: facts("RTK", { modalities: ["DX"], bodyParts: ["KNEE"] }),
      expect: "other-trust",
    },
    {
      says: "the same person, a study that doesn't say its part",
      actor: aChestReporter,
      facts: facts("RTK", { modalities: ["DX"] }),
      expect: "other-trust",
    },
    {
      says: "an outside reporter, what was sent to them",
      actor: anOutsideReporter,
      facts: facts("RXC", { isSentToThem: true }),
      expect: "allow",
    },
    {
      says: "an outside reporter, anything else",
      actor: anOutsideReporter,
      facts: facts("RXC"),
      expect: "not-sent",
    },
    {
      says: "an outside reporter, a patient whose other study was sent to them",
      actor: anOutsideReporter,
      facts: facts("RXC", { relationships: ["reporting"] }),
      expect: "not-sent",
    },
    {
      says: "an outside reporter, a sensitive record though it was sent",
      actor: anOutsideReporter,
      facts: facts("RXC", { isSentToThem: true, sensitivities: ["vip"] }),
      expect: "sensitive",
    },
    {
      says: "an outside reporter, the patient objects",
      actor: anOutsideReporter,
      facts: facts("RXC", { isSentToThem: true, isObjectedTo: true }),
      expect: "objection",
    },
    {
      says: "an outside reporter after the agreement's end",
      actor: anOutsideReporter,
      facts: facts("RXC", { isSentToThem: true, agreement: "ended" }),
      expect: "agreement-ended",
    },
    {
      says: "what was sent opens to nobody who isn't one",
      actor: aPrivacyOfficer,
      facts: facts("RXC", { isSentToThem: true }),
      expect: "not-for-this-role",
    },
    {
      says: "a Caldicott Guardian sees no images",
      actor: aCaldicottGuardian,
      facts: facts("RXC"),
      expect: "not-for-this-role",
    },
    {
      says: "a clinical safety officer sees no images",
      actor: aSafetyOfficer,
      facts: facts("RXC"),
      expect: "not-for-this-role",
    },
    {
      says: "one's own trust needs no agreement",
      actor: aRadiologist,
      facts: facts("RXC", { agreement: "own" }),
      expect: "allow",
    },
  ],
});
