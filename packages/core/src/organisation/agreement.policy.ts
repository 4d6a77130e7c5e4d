import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import { anEdClinician, aPacsManager, aPrivacyOfficer, theSystem } from "../kernel/sample-actors.ts";

const anAdministrator = { ...aPacsManager, activities: [...aPacsManager.activities, "administer" as const] };

/** The organisations of one agreement: the one that shares, and the one it is with. */
export type AgreementFacts = { odsCode: string; withOds: string | undefined };

const isParty = (actor: Actor, { odsCode, withOds }: AgreementFacts) =>
  actor.kind === "person" && (actor.organisation === odsCode || actor.organisation === withOds);

/** Who shares what with whom is for every administrator and privacy officer of the region to see. */
export const maySeeAgreements = definePolicy<null>({
  name: "organisation.see-agreements",
  decide: (actor) =>
    may(actor, "administer") || may(actor, "review-access") ? allow : deny("not-for-this-role"),
  cases: [
    { says: "an administrator", actor: anAdministrator, facts: null, expect: "allow" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: null, expect: "not-for-this-role" },
  ],
});

/** A new organisation of the region, or a partner outside it, is written by an administrator of a member. */
export const mayAddOrganisation = definePolicy<{ isMember: boolean }>({
  name: "organisation.add",
  decide(actor, { isMember }) {
    if (!may(actor, "administer")) return deny("not-for-this-role");
    return isMember ? allow : deny("members-only");
  },
  cases: [
    {
      says: "an administrator of a member",
      actor: anAdministrator,
      facts: { isMember: true },
      expect: "allow",
    },
    {
      says: "an administrator of a partner outside",
      actor: anAdministrator,
      facts: { isMember: false },
      expect: "members-only",
    },
    {
      says: "a PACS manager who is none",
      actor: aPacsManager,
      facts: { isMember: true },
      expect: "not-for-this-role",
    },
    { says: "a clinician", actor: anEdClinician, facts: { isMember: true }, expect: "not-for-this-role" },
  ],
});

/** A trust ends what it shares itself; of an agreement of two, either does. */
export const mayEndAgreement = definePolicy<AgreementFacts>({
  name: "organisation.end-agreement",
  decide(actor, facts) {
    if (!may(actor, "administer")) return deny("not-for-this-role");
    return isParty(actor, facts) ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "its own administrator",
      actor: anAdministrator,
      facts: { odsCode: "RXC", withOds: undefined },
      expect: "allow",
    },
    {
      says: "the administrator of the other of two",
      actor: anAdministrator,
      facts: { odsCode: "RTP", withOds: "RXC" },
      expect: "allow",
    },
    {
      says: "another trust's administrator",
      actor: anAdministrator,
      facts: { odsCode: "RTK", withOds: undefined },
      expect: "not-your-trust",
    },
    {
      says: "a privacy officer stops, they don't end",
      actor: aPrivacyOfficer,
      facts: { odsCode: "RTK", withOds: undefined },
      expect: "not-for-this-role",
    },
  ],
});

/** *Stop now* cuts what is open too: a privacy officer's own act (clinical page §6). */
export const mayStopAgreement = definePolicy<AgreementFacts>({
  name: "organisation.stop-agreement",
  decide(actor, facts) {
    if (!may(actor, "review-access")) return deny("not-for-this-role");
    return isParty(actor, facts) ? allow : deny("not-your-trust");
  },
  cases: [
    {
      says: "the trust's privacy officer",
      actor: aPrivacyOfficer,
      facts: { odsCode: "RTK", withOds: undefined },
      expect: "allow",
    },
    {
      says: "another trust's",
      actor: aPrivacyOfficer,
      facts: { odsCode: "RXC", withOds: undefined },
      expect: "not-your-trust",
    },
    {
      says: "its administrator ends, they don't stop",
      actor: anAdministrator,
      facts: { odsCode: "RXC", withOds: undefined },
      expect: "not-for-this-role",
    },
  ],
});
