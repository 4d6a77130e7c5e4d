import { type Actor, allow, type Decision, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aGateway,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aRadiographer,
  aRadiologist,
  aSafetyOfficer,
  theSystem,
} from "../kernel/sample-actors.ts";

/** `sensitivities`: of the patient whose study it is, and of the one whose it would be. */
export type CorrectingFacts = { custodian: string; sensitivities: readonly string[]; isOwnRecord: boolean };

function decideCorrecting(actor: Actor, facts: CorrectingFacts): Decision {
  const { custodian, sensitivities, isOwnRecord } = facts;
  if (!may(actor, "manage-archive") && !may(actor, "acquire")) return deny("not-for-this-role");
  if (actor.kind !== "person" || actor.organisation !== custodian) return deny("not-your-trust");
  if (isOwnRecord) return deny("own-record");
  // A restricted record can be as wrong as any: its archive's manager puts it right without seeing its images.
  return sensitivities.length > 0 && !may(actor, "manage-archive") ? deny("sensitive") : allow;
}

const facts = (custodian: string, sensitivities: string[] = []) => ({
  custodian,
  sensitivities,
  isOwnRecord: false,
});

/** The custodian's PACS manager or radiographer (clinical page §2). */
export const mayCorrect = definePolicy<CorrectingFacts>({
  name: "correction.ask",
  decide: decideCorrecting,
  cases: [
    { says: "the custodian's PACS manager", actor: aPacsManager, facts: facts("RXC"), expect: "allow" },
    { says: "its radiographer", actor: aRadiographer, facts: facts("RXC"), expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: facts("RXC"),
      expect: "not-your-trust",
    },
    {
      says: "a radiologist tells them, and corrects nothing",
      actor: aRadiologist,
      facts: facts("RXC"),
      expect: "not-for-this-role",
    },
    { says: "a clinician", actor: anEdClinician, facts: facts("RYR"), expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: facts("RXC"), expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: facts("RXC"), expect: "not-for-this-role" },
    {
      says: "a restricted record, its PACS manager, who sees no image of it",
      actor: aPacsManager,
      facts: facts("RXC", ["staff"]),
      expect: "allow",
    },
    {
      says: "a restricted record, from or to, isn't opened by its radiographer",
      actor: aRadiographer,
      facts: facts("RXC", ["staff"]),
      expect: "sensitive",
    },
    {
      says: "nobody corrects their own record",
      actor: aPacsManager,
      facts: { ...facts("RXC"), isOwnRecord: true },
      expect: "own-record",
    },
  ],
});

export type DecidingFacts = CorrectingFacts & { askedBy: string };

/** A whole reported study takes a second person. Nobody confirms their own; who asked may take it back. */
export const mayConfirm = definePolicy<DecidingFacts>({
  name: "correction.confirm",
  decide(actor, facts) {
    if (actor.id === facts.askedBy) return deny("own-proposal");
    return decideCorrecting(actor, facts);
  },
  cases: [
    {
      says: "another authorised person of the trust",
      actor: aRadiographer,
      facts: { ...facts("RXC"), askedBy: "p-pacs" },
      expect: "allow",
    },
    {
      says: "who asked for it",
      actor: aPacsManager,
      facts: { ...facts("RXC"), askedBy: "p-pacs" },
      expect: "own-proposal",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { ...facts("RXC"), askedBy: "p-pacs" },
      expect: "not-your-trust",
    },
    {
      says: "a radiologist of the trust",
      actor: aRadiologist,
      facts: { ...facts("RXC"), askedBy: "p-pacs" },
      expect: "not-for-this-role",
    },
  ],
});

export const mayDecline = definePolicy<CorrectingFacts>({
  name: "correction.decline",
  decide: decideCorrecting,
  cases: [
    { says: "an authorised person of the trust", actor: aRadiographer, facts: facts("RXC"), expect: "allow" },
    { says: "who asked takes it back", actor: aPacsManager, facts: facts("RXC"), expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: facts("RXC"),
      expect: "not-your-trust",
    },
  ],
});

export const mayUndo = definePolicy<CorrectingFacts>({
  name: "correction.undo",
  decide: decideCorrecting,
  cases: [
    { says: "the custodian's PACS manager", actor: aPacsManager, facts: facts("RXC"), expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: facts("RXC"),
      expect: "not-your-trust",
    },
  ],
});

/** What one's own trust corrected, and what waits for a second person there. */
export const mayListCorrections = definePolicy<{ custodian: string }>({
  name: "correction.list",
  decide: (actor, { custodian }) =>
    decideCorrecting(actor, { custodian, sensitivities: [], isOwnRecord: false }),
  cases: [
    {
      says: "its clinical safety officer reads no names of who was joined",
      actor: aSafetyOfficer,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "its radiographer, who may confirm",
      actor: aRadiographer,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "another trust's",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    { says: "a clinician", actor: anEdClinician, facts: { custodian: "RYR" }, expect: "not-for-this-role" },
  ],
});

/** What was corrected is seen also by who watches over safety: what and why, and of nobody by name. */
export const mayWatchCorrections = definePolicy<{ custodian: string }>({
  name: "correction.watch",
  decide(actor, facts) {
    if (!may(actor, "watch-safety")) return mayListCorrections.decide(actor, facts);
    return actor.kind === "person" && actor.organisation === facts.custodian ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "its clinical safety officer",
      actor: aSafetyOfficer,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    { says: "another trust's", actor: aSafetyOfficer, facts: { custodian: "RA2" }, expect: "not-your-trust" },
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "a clinician",
      actor: anEdClinician,
      facts: { custodian: "RYR" },
      expect: "not-for-this-role",
    },
  ],
});

/** Everyone asks what they are to be told; a notice names nobody. */
export const mayBeTold = definePolicy<null>({
  name: "correction.notices",
  decide: (actor) => (actor.kind === "person" ? allow : deny("people-only")),
  cases: [
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a gateway opens nothing", actor: aGateway, facts: null, expect: "people-only" },
  ],
});

export type NoticeFacts = { personId: string | undefined; organisation: string };

/** A person's notice is theirs; a trust's is any of those who manage its archive. */
export const mayAcknowledge = definePolicy<NoticeFacts>({
  name: "correction.acknowledge",
  decide(actor, { personId, organisation }) {
    if (actor.kind !== "person") return deny("people-only");
    if (personId) return actor.id === personId ? allow : deny("not-your-notice");
    const isTheirs = may(actor, "manage-archive") && actor.organisation === organisation;
    return isTheirs ? allow : deny("not-your-notice");
  },
  cases: [
    {
      says: "who opened it has read it",
      actor: anEdClinician,
      facts: { personId: "p-ed", organisation: "RYR" },
      expect: "allow",
    },
    {
      says: "nobody reads for another",
      actor: aRadiologist,
      facts: { personId: "p-ed", organisation: "RYR" },
      expect: "not-your-notice",
    },
    {
      says: "a trust's, its PACS manager",
      actor: anotherPacsManager,
      facts: { personId: undefined, organisation: "RA2" },
      expect: "allow",
    },
    {
      says: "a trust's, another's PACS manager",
      actor: aPacsManager,
      facts: { personId: undefined, organisation: "RA2" },
      expect: "not-your-notice",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: { personId: undefined, organisation: "RXC" },
      expect: "people-only",
    },
  ],
});

/** Joining and parting numbers is the archive manager's of a trust that issued one of the two. */
export const mayJoin = definePolicy<{ custodians: readonly string[]; sensitivities: readonly string[] }>({
  name: "correction.join-records",
  decide(actor, { custodians, sensitivities }) {
    if (!may(actor, "manage-archive")) return deny("not-for-this-role");
    if (actor.kind !== "person" || !custodians.includes(actor.organisation)) return deny("not-your-trust");
    return sensitivities.length > 0 ? deny("sensitive") : allow;
  },
  cases: [
    {
      says: "the PACS manager of one of the two trusts",
      actor: aPacsManager,
      facts: { custodians: ["RA2", "RXC"], sensitivities: [] },
      expect: "allow",
    },
    {
      says: "a third trust's",
      actor: anotherPacsManager,
      facts: { custodians: ["RXC", "RTK"], sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "a radiographer corrects images, not who is who",
      actor: aRadiographer,
      facts: { custodians: ["RXC"], sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a restricted record",
      actor: aPacsManager,
      facts: { custodians: ["RXC"], sensitivities: ["s-flag"] },
      expect: "sensitive",
    },
  ],
});
