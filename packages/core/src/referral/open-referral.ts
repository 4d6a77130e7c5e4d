import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { mayAnswer } from "./referral.policy.ts";
import { noteOpened } from "./referral.store.ts";
import { audited, noSuchReferral, referralFacts } from "./referral-facts.ts";

/**
 * Its receiver opens it: its sender sees that, and the study and its priors are named. What they may see of them is the reading
 * policy's.
 *
 * @throws {NotFound} `REFERRAL_NOT_FOUND`
 */
export const openReferral = defineAction({
  name: "referral.open",
  purpose: "direct-care",
  input: z.object({ referralId: z.uuid() }),
  policy: mayAnswer,
  absent: noSuchReferral,
  load: (tx, { referralId }) => referralFacts(tx, referralId),
  async run(tx, { referralId }, { referral }) {
    await noteOpened(tx, referralId);
    return referral;
  },
  after: async (_ctx, { studyId, priorIds }) => ({ studyId, priorIds }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ referralId }, done) => ({ ...audited(done), detail: { referralId, act: "opened" } }),
  },
});
