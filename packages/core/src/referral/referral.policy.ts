import { decideReading, type ReadingFacts, sampleFacts } from "../access/index.ts";
import { type Actor, allow, definePolicy, deny, hide, may } from "../kernel/index.ts";
import {
  aCoordinator,
  anEdClinician,
  aPrivacyOfficer,
  aRadiographer,
  aRadiologist,
  aRegionalSystem,
  theSystem,
} from "../kernel/sample-actors.ts";

/** Who gives and takes clinical opinions: those who report or treat. */
const advises = (actor: Actor) =>
  actor.kind === "person" && (may(actor, "report") || may(actor, "state-relationship"));

/** One's own referrals, and to whom one can be made: nothing of a patient that isn't one's own already. */
export const mayUseReferrals = definePolicy<null>({
  name: "referral.use",
  decide: (actor) => (advises(actor) ? allow : deny("not-for-this-role")),
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a radiographer", actor: aRadiographer, facts: null, expect: "not-for-this-role" },
    { says: "a coordinator", actor: aCoordinator, facts: null, expect: "not-for-this-role" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "not-for-this-role" },
    { says: "a system", actor: aRegionalSystem, facts: null, expect: "not-for-this-role" },
    { says: "our own functions", actor: theSystem, facts: null, expect: "not-for-this-role" },
  ],
});

/** Whoever may read a study whole, and advises or asks for advice, may ask for it. */
export const mayRefer = definePolicy<ReadingFacts>({
  name: "referral.send",
  decide(actor, facts) {
    const reading = decideReading(actor, facts);
    if (!reading.allowed) return reading;
    return advises(actor) ? allow : deny("not-for-this-role");
  },
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: sampleFacts("RTK"), expect: "allow" },
    {
      says: "a clinician who treats the patient",
      actor: anEdClinician,
      facts: sampleFacts("RXC", { relationships: ["statement"] }),
      expect: "allow",
    },
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: sampleFacts("RXC"),
      expect: "no-relationship",
    },
    {
      says: "a radiographer of the trust",
      actor: aRadiographer,
      facts: sampleFacts("RXC"),
      expect: "not-for-this-role",
    },
    {
      says: "a coordinator with the patient on a list",
      actor: aCoordinator,
      facts: sampleFacts("RXC", { relationships: ["mdt"] }),
      expect: "not-for-this-role",
    },
    {
      says: "one's own record",
      actor: aRadiologist,
      facts: sampleFacts("RXC", { isOwnRecord: true }),
      expect: "own-record",
    },
    { says: "a system", actor: aRegionalSystem, facts: sampleFacts("RXC"), expect: "not-for-this-role" },
  ],
});

/** `isInForce`: it opens the record now. */
export type OwnFacts = { personId: string; toPersonId: string; isInForce: boolean };
const own = (more: Partial<OwnFacts> = {}): OwnFacts => ({
  personId: anEdClinician.id,
  toPersonId: aRadiologist.id,
  isInForce: true,
  ...more,
});
const refused = { says: "somebody else", actor: aCoordinator, facts: own(), expect: "not-yours" } as const;

/** By whom it was asked for, while it opens anything. To everybody else it is as if absent. */
export const mayAnswer = definePolicy<OwnFacts>({
  name: "referral.answer",
  decide(actor, { toPersonId, isInForce }) {
    if (actor.kind !== "person" || actor.id !== toPersonId) return hide("not-yours");
    return isInForce ? allow : deny("referral-over");
  },
  cases: [
    { says: "its receiver", actor: aRadiologist, facts: own(), expect: "allow" },
    {
      says: "its receiver, once it is over",
      actor: aRadiologist,
      facts: own({ isInForce: false }),
      expect: "referral-over",
    },
    { says: "its sender", actor: anEdClinician, facts: own(), expect: "not-yours" },
    refused,
  ],
});

export const mayWithdraw = definePolicy<OwnFacts>({
  name: "referral.withdraw",
  decide: (actor, { personId }) =>
    actor.kind === "person" && actor.id === personId ? allow : hide("not-yours"),
  cases: [
    { says: "its sender", actor: anEdClinician, facts: own(), expect: "allow" },
    { says: "its receiver", actor: aRadiologist, facts: own(), expect: "not-yours" },
    refused,
  ],
});
