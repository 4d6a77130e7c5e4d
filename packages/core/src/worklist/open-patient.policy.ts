import * as Access from "../access/index.ts";
import { definePolicy } from "../kernel/index.ts";
import { anEdClinician, aPrivacyOfficer, aRadiologist } from "../kernel/sample-actors.ts";

/**
 * A patient's page opens as any of their studies would: the reading policy, asked for the actor's best custodian. What one
 * trust may not show is left out of the page's rows, and so is what is private even to exist.
 */
export const mayOpenPatient = definePolicy<Access.ReadingFacts>({
  name: "worklist.open-patient",
  decide(actor, facts) {
    const page: Access.ReadingFacts = { ...facts, agreement: "in-force", isObjectedTo: false };
    const decision = Access.decideMasked(actor, page);
    if (decision.allowed || !decision.hide) return decision;
    return Access.decideMasked(actor, { ...page, sensitivities: [] });
  },
  cases: [
    {
      says: "a clinician without a relationship",
      actor: anEdClinician,
      facts: Access.sampleFacts("RXC"),
      expect: "no-relationship",
    },
    {
      says: "a clinician with one",
      actor: anEdClinician,
      facts: Access.sampleFacts("RXC", { relationships: ["statement"] }),
      expect: "allow",
    },
    {
      says: "the patient objects to some of it",
      actor: aRadiologist,
      facts: Access.sampleFacts("RTK", { isObjectedTo: true }),
      expect: "allow",
    },
    {
      says: "a trust of theirs shares no more",
      actor: aRadiologist,
      facts: Access.sampleFacts("RTK", { agreement: "ended" }),
      expect: "allow",
    },
    {
      says: "what is private to exist leaves an empty page, as for who has no studies",
      actor: anEdClinician,
      facts: Access.sampleFacts("RXC", { sensitivities: ["forensic"], relationships: ["statement"] }),
      expect: "allow",
    },
    {
      says: "and wants the same purpose first",
      actor: anEdClinician,
      facts: Access.sampleFacts("RXC", { sensitivities: ["forensic"] }),
      expect: "no-relationship",
    },
    {
      says: "a restricted person",
      actor: anEdClinician,
      facts: Access.sampleFacts("RXC", { sensitivities: ["vip"], relationships: ["statement"] }),
      expect: "sensitive",
    },
    {
      says: "oneself",
      actor: aRadiologist,
      facts: Access.sampleFacts("RXC", { isOwnRecord: true }),
      expect: "own-record",
    },
    {
      says: "a privacy officer",
      actor: aPrivacyOfficer,
      facts: Access.sampleFacts("RTK"),
      expect: "not-for-this-role",
    },
  ],
});
