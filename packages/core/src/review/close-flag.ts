import { z } from "zod";
import { type Actor, allow, defineAction, definePolicy, deny, may, NotFound } from "../kernel/index.ts";
import { anEdClinician, aPrivacyOfficer } from "../kernel/sample-actors.ts";
import { closeFlag as close, findFlag, OUTCOMES } from "./flag.store.ts";

type FlagFacts = { organisation: string; custodian: string; personId: string };

function decide(actor: Actor, { organisation, custodian, personId }: FlagFacts) {
  if (!may(actor, "review-access") || actor.kind !== "person") return deny("not-for-this-role");
  if (actor.id === personId) return deny("own-look");
  return [organisation, custodian].includes(actor.organisation) ? allow : deny("other-trust");
}

const flag = (more: Partial<FlagFacts> = {}): FlagFacts => ({
  organisation: "RTK",
  custodian: "RXC",
  personId: "somebody",
  ...more,
});

/** The officer of either trust judges it, and nobody their own look. */
export const mayCloseFlag = definePolicy<FlagFacts>({
  name: "review.close-flag",
  decide,
  cases: [
    {
      says: "the officer of the trust whose staff looked",
      actor: aPrivacyOfficer,
      facts: flag(),
      expect: "allow",
    },
    {
      says: "the officer of the trust whose record it was",
      actor: aPrivacyOfficer,
      facts: flag({ organisation: "RXC", custodian: "RTK" }),
      expect: "allow",
    },
    {
      says: "the officer of a third trust",
      actor: aPrivacyOfficer,
      facts: flag({ organisation: "RXC" }),
      expect: "other-trust",
    },
    {
      says: "their own look",
      actor: aPrivacyOfficer,
      facts: flag({ personId: "p-priv" }),
      expect: "own-look",
    },
    { says: "a clinician", actor: anEdClinician, facts: flag(), expect: "not-for-this-role" },
  ],
});

/**
 * What came of an unusual look: explained, no concern, or inappropriate, with a word on it.
 *
 * @throws {NotFound} `FLAG_NOT_FOUND`
 */
export const closeFlag = defineAction({
  name: "review.close-flag",
  purpose: "audit",
  input: z.object({ flagId: z.uuid(), outcome: z.enum(OUTCOMES), note: z.string().trim().min(3).max(500) }),
  policy: mayCloseFlag,
  async load(tx, { flagId }) {
    const found = await findFlag(tx, flagId);
    if (!found) throw new NotFound("FLAG_NOT_FOUND", "There is no such flag.");
    return found;
  },
  async run(tx, { flagId, outcome, note }, { patientId, custodian }) {
    await close(tx, flagId, { outcome, note });
    return { patientId, custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ flagId, outcome }, done) => ({ ...done, detail: { flagId, outcome } }),
  },
});
