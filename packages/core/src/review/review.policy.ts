import { type Actor, allow, definePolicy, deny, may } from "../kernel/index.ts";
import {
  aCaldicottGuardian,
  aGateway,
  anEdClinician,
  aPacsManager,
  aPrivacyOfficer,
  aSafetyOfficer,
  theSystem,
} from "../kernel/sample-actors.ts";

const decideReview = (actor: Actor) => (may(actor, "review-access") ? allow : deny("not-for-this-role"));

/** Who looked: a privacy officer's, and of it only what their trust holds or their staff did (`Audit.findEvents`). */
export const mayReview = definePolicy<null>({
  name: "review.read-audit",
  decide: decideReview,
  cases: [
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a Caldicott Guardian", actor: aCaldicottGuardian, facts: null, expect: "allow" },
    {
      says: "a clinical safety officer counts, and reads no row",
      actor: aSafetyOfficer,
      facts: null,
      expect: "not-for-this-role",
    },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "not-for-this-role" },
    { says: "a PACS manager", actor: aPacsManager, facts: null, expect: "not-for-this-role" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "not-for-this-role" },
  ],
});

/** Numbers of the audit are also for who watches over safety. */
export const mayCount = definePolicy<null>({
  name: "review.count-audit",
  decide: (actor) => (may(actor, "watch-safety") ? allow : decideReview(actor)),
  cases: [
    { says: "a clinical safety officer", actor: aSafetyOfficer, facts: null, expect: "allow" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "not-for-this-role" },
  ],
});

/** What one patient would read of who looked: for the officer of a trust that holds a record of them. */
export const mayPreview = definePolicy<{ custodians: readonly string[] }>({
  name: "review.preview-patient",
  decide(actor, { custodians }) {
    const decision = decideReview(actor);
    if (!decision.allowed || actor.kind !== "person") return decision;
    return custodians.includes(actor.organisation) ? allow : deny("other-trust");
  },
  cases: [
    {
      says: "the officer of a trust that holds them",
      actor: aPrivacyOfficer,
      facts: { custodians: ["RXC", "RTK"] },
      expect: "allow",
    },
    {
      says: "the officer of another trust",
      actor: aPrivacyOfficer,
      facts: { custodians: ["RXC"] },
      expect: "other-trust",
    },
    {
      says: "a clinician",
      actor: anEdClinician,
      facts: { custodians: ["RYR"] },
      expect: "not-for-this-role",
    },
  ],
});

/** Rules are judged by our own function, on everybody's looks. */
export const systemOnly = definePolicy<null>({
  name: "review.system-only",
  decide: (actor) => (actor.kind === "system" ? allow : deny("system-only")),
  cases: [
    { says: "a timer", actor: theSystem, facts: null, expect: "allow" },
    { says: "a privacy officer", actor: aPrivacyOfficer, facts: null, expect: "system-only" },
  ],
});
