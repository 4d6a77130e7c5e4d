import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction } from "../kernel/index.ts";
import { mayWithdraw } from "./referral.policy.ts";
import { writeWithdrawal } from "./referral.store.ts";
import { audited, noSuchReferral, referralFacts, sourceOf } from "./referral-facts.ts";

/**
 * Its sender takes it back: from now on it opens nothing more. What was answered stays.
 *
 * @throws {NotFound} `REFERRAL_NOT_FOUND`
 */
export const withdrawReferral = defineAction({
  name: "referral.withdraw",
  purpose: "direct-care",
  input: z.object({ referralId: z.uuid() }),
  policy: mayWithdraw,
  absent: noSuchReferral,
  load: (tx, { referralId }) => referralFacts(tx, referralId),
  async run(tx, { referralId }, { referral }) {
    await writeWithdrawal(tx, referralId);
    await Access.relateExactly(tx, sourceOf(referral), []);
    return referral;
  },
  after: async (_ctx, { id }) => ({ referralId: id }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ referralId }, done) => ({ ...audited(done), detail: { referralId, act: "withdrawn" } }),
  },
});
