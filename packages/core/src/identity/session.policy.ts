import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aGateway, anEdClinician, aRadiologist, theSystem } from "../kernel/sample-actors.ts";

/** A person begins a session for an organisation that the region knows. */
export const mayBegin = definePolicy<{ isOrganisationKnown: boolean }>({
  name: "identity.begin-session",
  decide(actor, { isOrganisationKnown }) {
    if (actor.kind !== "person") return deny("persons-only");
    return isOrganisationKnown ? allow : deny("organisation-unknown");
  },
  cases: [
    {
      says: "a clinician of a trust",
      actor: anEdClinician,
      facts: { isOrganisationKnown: true },
      expect: "allow",
    },
    {
      says: "somebody whose role is at an organisation outside the region",
      actor: anEdClinician,
      facts: { isOrganisationKnown: false },
      expect: "organisation-unknown",
    },
    {
      says: "a gateway has none",
      actor: aGateway,
      facts: { isOrganisationKnown: true },
      expect: "persons-only",
    },
  ],
});

/** One's own session, whatever one's role. */
export const ownSession = definePolicy<{ hasSession: boolean }>({
  name: "identity.own-session",
  decide(actor, { hasSession }) {
    if (actor.kind !== "person") return deny("persons-only");
    return hasSession ? allow : deny("no-session");
  },
  cases: [
    { says: "a person in theirs", actor: anEdClinician, facts: { hasSession: true }, expect: "allow" },
    {
      says: "a person who asks with a token",
      actor: anEdClinician,
      facts: { hasSession: false },
      expect: "no-session",
    },
    { says: "a gateway", actor: aGateway, facts: { hasSession: false }, expect: "persons-only" },
  ],
});

/** One ends what is one's own; another's session is as if absent. */
export const mayEnd = definePolicy<{ personId: string | undefined }>({
  name: "identity.end-session",
  decide: (actor, { personId }) =>
    actor.kind === "person" && actor.id === personId
      ? allow
      : { allowed: false, reason: "not-your-session", hide: true },
  cases: [
    {
      says: "a person ends their own",
      actor: anEdClinician,
      facts: { personId: anEdClinician.id },
      expect: "allow",
    },
    {
      says: "another's",
      actor: aRadiologist,
      facts: { personId: anEdClinician.id },
      expect: "not-your-session",
    },
    {
      says: "one that never was",
      actor: aRadiologist,
      facts: { personId: undefined },
      expect: "not-your-session",
    },
  ],
});

/** What the portal and the identity provider tell us of sessions. */
export const systemOnly = definePolicy<null>({
  name: "identity.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "our own function", actor: theSystem, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "system-only" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "system-only" },
  ],
});
