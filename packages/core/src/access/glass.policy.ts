import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCoordinator,
  aGateway,
  anEdClinician,
  aPacsManager,
  aPrivacyOfficer,
  aRadiologist,
} from "../kernel/sample-actors.ts";
import type { Proof } from "./glass.ts";

export type BreakingFacts = { isOwnRecord: boolean; proof: Proof };

/**
 * Who treats patients may break the glass of one of them, on a fresh proof of who they are. Where the identity provider is
 * away the session that lives is enough: care is never stopped (clinical page §6), and the review comes first.
 */
export const mayBreakGlass = definePolicy<BreakingFacts>({
  name: "access.break-glass",
  decide(actor, { isOwnRecord, proof }) {
    if (!may(actor, "state-relationship") || !may(actor, "view")) return deny("not-for-this-role");
    if (isOwnRecord) return deny("own-record");
    return proof === "stale" ? deny("fresh-sign-in") : allow;
  },
  cases: [
    {
      says: "an emergency clinician who has just signed in",
      actor: anEdClinician,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "allow",
    },
    {
      says: "a radiologist on call",
      actor: aRadiologist,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "allow",
    },
    {
      says: "an old sign-in",
      actor: anEdClinician,
      facts: { isOwnRecord: false, proof: "stale" },
      expect: "fresh-sign-in",
    },
    {
      says: "the identity provider doesn't answer",
      actor: anEdClinician,
      facts: { isOwnRecord: false, proof: "provider-away" },
      expect: "allow",
    },
    {
      says: "their own record",
      actor: anEdClinician,
      facts: { isOwnRecord: true, proof: "fresh" },
      expect: "own-record",
    },
    {
      says: "a PACS manager treats nobody",
      actor: aPacsManager,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "not-for-this-role",
    },
    {
      says: "a coordinator",
      actor: aCoordinator,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "not-for-this-role",
    },
    {
      says: "a privacy officer",
      actor: aPrivacyOfficer,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "not-for-this-role",
    },
    {
      says: "a gateway",
      actor: aGateway,
      facts: { isOwnRecord: false, proof: "fresh" },
      expect: "not-for-this-role",
    },
  ],
});

/** Everyone sees and ends what they broke themselves. */
export const ownGlass = definePolicy<{ personId: string | undefined }>({
  name: "access.own-glass",
  decide(actor, { personId }) {
    if (actor.kind !== "person") return deny("people-only");
    return personId === undefined || personId === actor.id ? allow : deny("not-yours");
  },
  cases: [
    { says: "who broke it", actor: anEdClinician, facts: { personId: "p-ed" }, expect: "allow" },
    { says: "one's own list", actor: anEdClinician, facts: { personId: undefined }, expect: "allow" },
    { says: "somebody else's", actor: aRadiologist, facts: { personId: "p-ed" }, expect: "not-yours" },
    { says: "a gateway", actor: aGateway, facts: { personId: undefined }, expect: "people-only" },
  ],
});

export type ReviewingFacts = { organisations: readonly string[]; personId: string | undefined };

const reviewsFor = (actor: Actor, organisations: readonly string[]) =>
  actor.kind === "person" && organisations.includes(actor.organisation);

/** The privacy officer of the trust for which it was broken reviews it; nobody reviews their own. */
export const mayReviewGlass = definePolicy<ReviewingFacts>({
  name: "access.review-glass",
  decide(actor, { organisations, personId }) {
    if (!may(actor, "review-access")) return deny("not-for-this-role");
    if (!reviewsFor(actor, organisations)) return deny("not-your-trust");
    return personId === actor.id ? deny("own-access") : allow;
  },
  cases: [
    {
      says: "the trust's privacy officer",
      actor: aPrivacyOfficer,
      facts: { organisations: ["RTK"], personId: "p-ed" },
      expect: "allow",
    },
    {
      says: "another trust's",
      actor: aPrivacyOfficer,
      facts: { organisations: ["RYR"], personId: "p-ed" },
      expect: "not-your-trust",
    },
    {
      says: "an officer who is a clinician too reviews not their own",
      actor: { ...aPrivacyOfficer, id: "p-ed" },
      facts: { organisations: ["RTK"], personId: "p-ed" },
      expect: "own-access",
    },
    {
      says: "a PACS manager",
      actor: aPacsManager,
      facts: { organisations: ["RXC"], personId: "p-ed" },
      expect: "not-for-this-role",
    },
  ],
});
