import {
  type Actor,
  allow,
  type Decision,
  definePolicy,
  deny,
  hide,
  keepsAtEdge,
  may,
} from "../kernel/index.ts";
import {
  aGateway,
  anEdClinician,
  anOutsideReporter,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  aSystem,
  theSystem,
} from "../kernel/sample-actors.ts";
import { Access, type ReadingFacts } from "./reading-access.ts";

/** Opening a study, its series and its bytes: the reading policy of `access`, unchanged. */
export const mayReadStudy = definePolicy<ReadingFacts>({ ...Access.mayRead, name: "study.read" });

/** `undefined`: this region holds no such study, as far as row-level security lets this actor look. */
export type RetrievalFacts = { held: ReadingFacts | undefined };
const ordinary = (custodian: string): RetrievalFacts => ({
  held: Access.sampleFacts(custodian),
});
const sensitive = (custodian: string): RetrievalFacts => ({
  held: Access.sampleFacts(custodian, { sensitivities: ["staff"], relationships: ["statement"] }),
});

/** The reading policy for a door at which UIDs can be guessed: what is hidden is refused as what nobody holds is. */
export const mayRetrieve = definePolicy<RetrievalFacts>({
  name: "study.retrieve",
  purposeOf: (actor, { held }) => (held ? Access.purposeOfLook(actor, held) : undefined),
  decide(actor, { held }) {
    return held ? Access.decideReading(actor, held) : hide("no-such-study");
  },
  cases: [
    { says: "nobody holds it", actor: aRadiologist, facts: { held: undefined }, expect: "no-such-study" },
    { says: "a trust's system, its own trust", actor: aSystem, facts: ordinary("RXC"), expect: "allow" },
    {
      says: "a trust's system, another trust",
      actor: aSystem,
      facts: ordinary("RTK"),
      expect: "other-trust",
    },
    { says: "a system of the region", actor: aRegionalSystem, facts: ordinary("RTK"), expect: "allow" },
    { says: "a client that sends", actor: aGateway, facts: ordinary("RXC"), expect: "not-for-this-role" },
    { says: "a reporter", actor: aRadiologist, facts: ordinary("RTK"), expect: "allow" },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: ordinary("RYR"),
      expect: "no-relationship",
    },
    {
      says: "a sensitive record, a clinician with one",
      actor: anEdClinician,
      facts: sensitive("RYR"),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, a system of its trust",
      actor: aRegionalSystem,
      facts: sensitive("RXC"),
      expect: "sensitive",
    },
    {
      says: "a sensitive record, a reporter of its trust",
      actor: aRadiologist,
      facts: sensitive("RXC"),
      expect: "allow",
    },
  ],
});

/** A check that a study is whole is the word of those who made it. */
export const mayConfirm = definePolicy<{ custodian: string }>({
  name: "study.confirm-complete",
  decide(actor, { custodian }) {
    if (!may(actor, "acquire")) return deny("not-for-this-role");
    return actor.kind === "person" && actor.organisation === custodian ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "a radiographer of the trust",
      actor: aRadiographer,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    { says: "its PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    {
      says: "a radiologist reports, they did not acquire",
      actor: aRadiologist,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
    { says: "a clinician", actor: anEdClinician, facts: { custodian: "RYR" }, expect: "not-for-this-role" },
  ],
});

/**
 * Who manages its archive sends a study out to be reported. What is restricted stays with the trust's own reporters.
 */
export const maySendForReporting = definePolicy<{ custodian: string; sensitivities: readonly string[] }>({
  name: "study.send-for-reporting",
  decide(actor, { custodian, sensitivities }) {
    if (!may(actor, "manage-archive")) return deny("not-for-this-role");
    if (actor.kind !== "person" || actor.organisation !== custodian) return deny("not-your-trust");
    return sensitivities.length > 0 ? deny("sensitive") : allow;
  },
  cases: [
    {
      says: "the trust's PACS manager",
      actor: aPacsManager,
      facts: { custodian: "RXC", sensitivities: [] },
      expect: "allow",
    },
    {
      says: "nothing of a restricted record",
      actor: aPacsManager,
      facts: { custodian: "RXC", sensitivities: ["staff"] },
      expect: "sensitive",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC", sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "who reports it doesn't pass it on",
      actor: anOutsideReporter,
      facts: { custodian: "RXC", sensitivities: [] },
      expect: "not-for-this-role",
    },
  ],
});

/** What was performed is told by the trust's gateway, of its own trust and no other. */
export const mayRecordStep = definePolicy<null>({
  name: "study.record-step",
  decide: (actor) =>
    actor.kind === "client" && actor.scopes.includes("procedure.write") ? allow : deny("not-for-this-role"),
  cases: [
    {
      says: "a gateway that may tell",
      actor: { ...aGateway, scopes: ["procedure.write"] },
      facts: null,
      expect: "allow",
    },
    { says: "a gateway that may only send", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a radiographer", actor: aRadiographer, facts: null, expect: "not-for-this-role" },
  ],
});

/** What was looked at while the region was away is told by who kept it. A study that is closed since is on the record too. */
export const mayTellLooks = definePolicy<null>({
  name: "study.record-edge-looks",
  decide: (actor) => (keepsAtEdge(actor) ? allow : deny("not-for-this-role")),
  cases: [
    {
      says: "a system for which a gateway keeps",
      actor: { ...aSystem, scopes: ["studies.read", "edge.cache"] },
      facts: null,
      expect: "allow",
    },
    { says: "a system that reads online alone", actor: aSystem, facts: null, expect: "not-for-this-role" },
    { says: "a gateway that sends", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a person", actor: aRadiologist, facts: null, expect: "not-for-this-role" },
  ],
});

/** Whether a study was corrected is no secret to who knows its id: no name, no trust, only a time and a word. */
export const mayAskCurrency = definePolicy<null>({
  name: "study.is-current",
  decide: (actor) => (actor.kind === "system" ? deny("readers-only") : allow),
  cases: [
    { says: "who reads it", actor: aRadiologist, facts: null, expect: "allow" },
    {
      says: "who may not read it any more learns that it was corrected",
      actor: anEdClinician,
      facts: null,
      expect: "allow",
    },
    { says: "our own functions show nothing", actor: theSystem, facts: null, expect: "readers-only" },
  ],
});

export type DescribingFacts = { custodian: string; isOwnRecord: boolean };

/** What a study says of itself, without an image: for its archive's manager, who puts it right, restricted or not. */
export const mayDescribe = definePolicy<DescribingFacts>({
  name: "study.describe",
  decide(actor, { custodian, isOwnRecord }) {
    const decision = managesArchiveOf(actor, custodian);
    return decision.allowed && isOwnRecord ? deny("own-record") : decision;
  },
  cases: [
    {
      says: "its PACS manager",
      actor: aPacsManager,
      facts: { custodian: "RXC", isOwnRecord: false },
      expect: "allow",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC", isOwnRecord: false },
      expect: "not-your-trust",
    },
    {
      says: "its radiographer opens it or doesn't",
      actor: aRadiographer,
      facts: { custodian: "RXC", isOwnRecord: false },
      expect: "not-for-this-role",
    },
    {
      says: "one's own record",
      actor: aPacsManager,
      facts: { custodian: "RXC", isOwnRecord: true },
      expect: "own-record",
    },
  ],
});

const managesArchiveOf: (actor: Actor, custodian: string) => Decision = (actor, custodian) => {
  if (!may(actor, "manage-archive")) return deny("not-for-this-role");
  return actor.kind === "person" && actor.organisation === custodian ? allow : deny("not-your-trust");
};

/** How long a trust keeps its record is its archive manager's care. */
export const mayHold = definePolicy<{ custodian: string }>({
  name: "study.hold",
  decide: (actor, { custodian }) => managesArchiveOf(actor, custodian),
  cases: [
    { says: "its PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "its radiographer",
      actor: aRadiographer,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
  ],
});

export const mayListDue = definePolicy<{ custodian: string }>({
  name: "study.list-due",
  decide: (actor, { custodian }) => managesArchiveOf(actor, custodian),
  cases: [
    { says: "its PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    { says: "a radiologist", actor: aRadiologist, facts: { custodian: "RXC" }, expect: "not-for-this-role" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
  ],
});

export const systemOnly = definePolicy<null>({
  name: "study.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "a timer", actor: theSystem, facts: null, expect: "allow" },
    { says: "a person", actor: aRadiologist, facts: null, expect: "system-only" },
  ],
});

/** A search holds only what its scope allows. A client that may read nothing is told so: an empty answer would look like none. */
export const mayFind = definePolicy<unknown>({
  name: "study.find",
  decide(actor) {
    if (actor.kind === "system") return deny("no-list-of-its-own");
    return actor.kind === "person" || Access.readingScope(actor) ? allow : deny("not-for-this-role");
  },
  cases: [
    { says: "a trust's system", actor: aSystem, facts: null, expect: "allow" },
    { says: "a system registered for the region", actor: aRegionalSystem, facts: null, expect: "allow" },
    { says: "a gateway that only sends", actor: aGateway, facts: null, expect: "not-for-this-role" },
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a privacy officer, whose list is empty", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "our own functions", actor: theSystem, facts: null, expect: "no-list-of-its-own" },
  ],
});
