import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import { appendAddendum, findOutcome } from "./outcome.store.ts";
import { maySeeCase } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { showOutcome } from "./show-outcome.ts";

/**
 * The only way by which a signed outcome is changed: what stood stays readable, and who added what is named.
 *
 * @throws {Conflict} `OUTCOME_NOT_SIGNED`
 */
export const addAddendum = defineAction({
  name: "room.add-addendum",
  input: z.object({ caseId: z.uuid(), words: z.string().trim().min(3).max(4000) }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, words }, { found }) {
    const outcome = await findOutcome(tx, caseId);
    if (!outcome?.signed)
      throw new Conflict("OUTCOME_NOT_SIGNED", "It is not signed yet: change the outcome itself.");
    await appendAddendum(tx, outcome, words);
    return { outcome: await showOutcome(tx, caseId), patientId: found.patientId };
  },
  after: async (_ctx, { outcome }) => ({ outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, addendum: done !== undefined },
    }),
  },
});
