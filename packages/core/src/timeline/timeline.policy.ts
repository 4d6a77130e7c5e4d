import * as Access from "../access/index.ts";
import { allow, definePolicy, deny } from "../kernel/index.ts";
import { aGateway, anEdClinician, aPrivacyOfficer, aRadiologist } from "../kernel/sample-actors.ts";

/**
 * A patient's page opens as any of their studies would: the reading policy, asked for the actor's best custodian. What one
 * trust may not show is left out of the page's rows, and so is what is private even to exist.
 */
export const mayReadTimeline = definePolicy<Access.ReadingFacts>({
  name: "timeline.read",
  purposeOf: Access.purposeOfLook,
  decide(actor, facts) {
    const page: Access.ReadingFacts = { ...facts, agreement: "in-force", isObjectedTo: false };
    const decision = Access.decideReading(actor, page);
    if (decision.allowed || !decision.hide) return decision;
    return Access.decideReading(actor, { ...page, sensitivities: [] });
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

/** Who may open a study may know what of the same patient stands beside it, as far as they may open that too. */
export const mayReadPriors = definePolicy<Access.ReadingFacts>({
  ...Access.mayRead,
  name: "timeline.priors",
});

/** What one's own scope holds: nothing more is found by it, whoever asks. Who reads nothing finds nothing. */
export const mayFindOwn = definePolicy<unknown>({
  name: "timeline.find-own",
  decide: (actor) => (actor.kind === "person" ? allow : deny("people-only")),
  cases: [
    { says: "a radiologist", actor: aRadiologist, facts: null, expect: "allow" },
    { says: "a clinician", actor: anEdClinician, facts: null, expect: "allow" },
    { says: "a privacy officer, who finds nothing", actor: aPrivacyOfficer, facts: null, expect: "allow" },
    { says: "a gateway", actor: aGateway, facts: null, expect: "people-only" },
  ],
});
