import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { mayAnswer } from "./referral.policy.ts";
import { writeReply } from "./referral.store.ts";
import { audited, noSuchReferral, referralFacts } from "./referral-facts.ts";

/**
 * The receiver's words, to the sender: written once, and they stay.
 *
 * @throws {NotFound} `REFERRAL_NOT_FOUND` @throws {Conflict} `ANSWERED_ALREADY`
 */
export const answerReferral = defineAction({
  name: "referral.answer",
  purpose: "direct-care",
  input: z.object({ referralId: z.uuid(), reply: z.string().trim().min(2).max(4000) }),
  policy: mayAnswer,
  absent: noSuchReferral,
  load: (tx, { referralId }) => referralFacts(tx, referralId),
  async run(tx, { referralId, reply }, { referral }) {
    if (!(await writeReply(tx, referralId, reply)))
      throw new Conflict(
        "ANSWERED_ALREADY",
        "An answer stands already, from another window. Yours was not kept: copy it.",
      );
    return referral;
  },
  after: async (_ctx, { id }) => ({ referralId: id }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ referralId }, done) => ({ ...audited(done), detail: { referralId, act: "answered" } }),
  },
});
