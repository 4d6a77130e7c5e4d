import { z } from "zod";
import { Conflict, defineAction, Invalid } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import { createOutcome, findOutcome, rewriteOutcome } from "./outcome.store.ts";
import { OutcomeWords } from "./outcome.ts";
import { maySeeCase } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { showOutcome } from "./show-outcome.ts";

export const signedAlready = () =>
  new Conflict(
    "OUTCOME_SIGNED",
    "The chair has signed this outcome. What is to be added goes into an addendum.",
  );

/** @throws {Invalid} `OUTCOME_INCOMPLETE` */
export function checkWords({ kind, decision, deferralReason }: Partial<OutcomeWords>): void {
  if (kind === "decided" && !decision?.trim())
    throw new Invalid("OUTCOME_INCOMPLETE", "Write what was decided before the chair signs.");
  if (kind !== "decided" && !deferralReason?.trim())
    throw new Invalid("OUTCOME_INCOMPLETE", "Say why it was deferred or not discussed.");
}

/**
 * Keeps what is being written of a case's outcome. Whoever was slower is given what stands beside what they wrote, and nothing of
 * either is lost.
 *
 * @throws {Conflict} `OUTCOME_SIGNED`
 */
export const saveOutcome = defineAction({
  name: "room.save-outcome",
  input: z.object({ caseId: z.uuid(), version: z.number().int().min(0), words: OutcomeWords }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, version, words }, { found }) {
    const stands = await findOutcome(tx, caseId);
    if (stands?.signed) throw signedAlready();
    const isKept =
      stands === undefined
        ? version === 0 && (await createOutcome(tx, found, words))
        : await rewriteOutcome(tx, { id: stands.id, version }, words);
    return { isKept, outcome: await showOutcome(tx, caseId), patientId: found.patientId };
  },
  after: async (_ctx, { isKept, outcome }) => ({ isKept, outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, isKept: done?.isKept ?? false },
    }),
  },
});
