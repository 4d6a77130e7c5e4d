import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aGateway,
  anEdClinician,
  anotherPacsManager,
  aPacsManager,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aReadOnlyClient,
  aSafetyOfficer,
  theSystem,
} from "../kernel/sample-actors.ts";
import type { Way } from "./conflict.ts";

export const systemOnly = definePolicy<null>({
  name: "ingest.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own function takes in what arrived", actor: theSystem, facts: null, expect: "allow" },
    { says: "a gateway sends, it does not index", actor: aGateway, facts: null, expect: "system-only" },
    { says: "a person does not index", actor: aPacsManager, facts: null, expect: "system-only" },
  ],
});

export type SendingFacts = { isOutside: boolean };

function maySend(actor: Actor, isOutside: boolean): boolean {
  if (actor.kind === "client") return actor.scopes.includes("inbox.write") && !isOutside;
  return isOutside ? may(actor, "import-outside") : may(actor, "acquire");
}

/** Own images come from those who acquire and from the trust's gateway; an outside disc from those who may import one. */
export const maySendImages = definePolicy<SendingFacts>({
  name: "ingest.send",
  decide: (actor, { isOutside }) => (maySend(actor, isOutside) ? allow : deny("not-for-this-role")),
  cases: [
    {
      says: "a radiographer sends their trust's images",
      actor: aRadiographer,
      facts: { isOutside: false },
      expect: "allow",
    },
    { says: "a PACS manager does", actor: aPacsManager, facts: { isOutside: false }, expect: "allow" },
    { says: "the trust's gateway does", actor: aGateway, facts: { isOutside: false }, expect: "allow" },
    {
      says: "a client without the scope",
      actor: aReadOnlyClient,
      facts: { isOutside: false },
      expect: "not-for-this-role",
    },
    {
      says: "a gateway has no disc in its hand",
      actor: aGateway,
      facts: { isOutside: true },
      expect: "not-for-this-role",
    },
    {
      says: "a clinician imports an outside disc",
      actor: anEdClinician,
      facts: { isOutside: true },
      expect: "allow",
    },
    {
      says: "a clinician acquires nothing",
      actor: anEdClinician,
      facts: { isOutside: false },
      expect: "not-for-this-role",
    },
    { says: "a radiologist", actor: aRadiologist, facts: { isOutside: false }, expect: "not-for-this-role" },
    {
      says: "a privacy officer",
      actor: aPrivacyOfficer,
      facts: { isOutside: false },
      expect: "not-for-this-role",
    },
  ],
});

export type OwnUploadFacts = { senderId: string; custodian: string };

/** An upload is its sender's: nobody else adds to it or reads its outcomes. */
export const isOwnUpload = definePolicy<OwnUploadFacts>({
  name: "ingest.own-upload",
  decide: (actor, { senderId, custodian }) =>
    actor.kind !== "system" && actor.id === senderId && actor.organisation === custodian
      ? allow
      : deny("not-your-upload"),
  cases: [
    {
      says: "its sender",
      actor: aRadiographer,
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "the gateway that began it",
      actor: aGateway,
      facts: { senderId: aGateway.id, custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "somebody else of the trust",
      actor: aPacsManager,
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "not-your-upload",
    },
    {
      says: "the same person under another contract",
      actor: { ...aRadiographer, organisation: "RA2" },
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "not-your-upload",
    },
  ],
});

export type QuarantineFacts = { custodian: string };

export const mayDecideQuarantine = definePolicy<QuarantineFacts>({
  name: "ingest.quarantine",
  decide(actor, { custodian }) {
    if (!may(actor, "manage-archive")) return deny("not-for-this-role");
    return actor.kind === "person" && actor.organisation === custodian ? allow : deny("not-your-trust");
  },
  cases: [
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC" },
      expect: "not-your-trust",
    },
    {
      says: "a radiographer of the trust",
      actor: aRadiographer,
      facts: { custodian: "RXC" },
      expect: "not-for-this-role",
    },
    { says: "a radiologist", actor: aRadiologist, facts: { custodian: "RXC" }, expect: "not-for-this-role" },
  ],
});

/** What was set aside is seen also by who watches over safety: its codes and counts, nobody's name. */
export const mayListQuarantine = definePolicy<QuarantineFacts>({
  name: "ingest.list-quarantine",
  decide(actor, facts) {
    if (!may(actor, "watch-safety")) return mayDecideQuarantine.decide(actor, facts);
    return actor.kind === "person" && actor.organisation === facts.custodian ? allow : deny("not-your-trust");
  },
  cases: [
    { says: "the trust's PACS manager", actor: aPacsManager, facts: { custodian: "RXC" }, expect: "allow" },
    {
      says: "its clinical safety officer",
      actor: aSafetyOfficer,
      facts: { custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "another trust's",
      actor: aSafetyOfficer,
      facts: { custodian: "RA2" },
      expect: "not-your-trust",
    },
    { says: "a radiologist", actor: aRadiologist, facts: { custodian: "RXC" }, expect: "not-for-this-role" },
  ],
});

export type SolvingFacts = {
  custodian: string;
  way: Way;
  /** Of the patient whose record would change: whose image is replaced, or under whom the newcomer is taken in. */
  sensitivities: readonly string[];
};

/** As the quarantine; but a restricted record is changed by nobody who may not read it. What is here may always be kept. */
export const maySolveConflict = definePolicy<SolvingFacts>({
  name: "ingest.solve-conflict",
  decide(actor, facts) {
    const decision = mayDecideQuarantine.decide(actor, facts);
    if (!decision.allowed || facts.way === "keep") return decision;
    return facts.sensitivities.length > 0 ? deny("sensitive") : allow;
  },
  cases: [
    {
      says: "the trust's PACS manager keeps what is here",
      actor: aPacsManager,
      facts: { custodian: "RXC", way: "keep", sensitivities: ["staff"] },
      expect: "allow",
    },
    {
      says: "they replace it",
      actor: aPacsManager,
      facts: { custodian: "RXC", way: "replace", sensitivities: [] },
      expect: "allow",
    },
    {
      says: "they take both in",
      actor: aPacsManager,
      facts: { custodian: "RXC", way: "both", sensitivities: [] },
      expect: "allow",
    },
    {
      says: "they replace nothing of a restricted record",
      actor: aPacsManager,
      facts: { custodian: "RXC", way: "replace", sensitivities: ["vip"] },
      expect: "sensitive",
    },
    {
      says: "they put nothing into a restricted record",
      actor: aPacsManager,
      facts: { custodian: "RXC", way: "both", sensitivities: ["safeguarding"] },
      expect: "sensitive",
    },
    {
      says: "another trust's PACS manager",
      actor: anotherPacsManager,
      facts: { custodian: "RXC", way: "keep", sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "items of two trusts at once are nobody's",
      actor: aPacsManager,
      facts: { custodian: "", way: "keep", sensitivities: [] },
      expect: "not-your-trust",
    },
    {
      says: "a radiographer of the trust",
      actor: aRadiographer,
      facts: { custodian: "RXC", way: "replace", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "a radiologist",
      actor: aRadiologist,
      facts: { custodian: "RXC", way: "both", sensitivities: [] },
      expect: "not-for-this-role",
    },
    {
      says: "the trust's gateway",
      actor: aGateway,
      facts: { custodian: "RXC", way: "keep", sensitivities: [] },
      expect: "not-for-this-role",
    },
  ],
});

/** Whoever imports discs sees which of their own wait; the list holds nobody else's. */
export const mayImportOutside = definePolicy<null>({
  name: "ingest.import-outside",
  decide: (actor) => (may(actor, "import-outside") ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a clinician who imports discs", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a radiographer", actor: aRadiographer, facts: null, expect: "allow" },
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "allow" },
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "not-for-this-role" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

/** Whose images are on a disc is the word of who had it in their hand, and no one else's. */
export const mayDecideOutside = definePolicy<OwnUploadFacts>({
  name: "ingest.decide-outside",
  decide(actor, facts) {
    const own = isOwnUpload.decide(actor, facts);
    return own.allowed ? mayImportOutside.decide(actor, null) : own;
  },
  cases: [
    {
      says: "its sender",
      actor: aRadiographer,
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "allow",
    },
    {
      says: "its sender, a clinician",
      actor: anEdClinician,
      facts: { senderId: anEdClinician.id, custodian: anEdClinician.organisation },
      expect: "allow",
    },
    {
      says: "the trust's PACS manager did not have it in their hand",
      actor: aPacsManager,
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "not-your-upload",
    },
    {
      says: "its sender under another contract",
      actor: { ...aRadiographer, organisation: "RA2" },
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "not-your-upload",
    },
    {
      says: "its sender, who may import no longer",
      actor: { ...aRadiographer, activities: ["view"] },
      facts: { senderId: aRadiographer.id, custodian: "RXC" },
      expect: "not-for-this-role",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: { senderId: aGateway.id, custodian: "RXC" },
      expect: "not-for-this-role",
    },
  ],
});
