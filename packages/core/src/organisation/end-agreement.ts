import { z } from "zod";
import { Conflict, defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import { mayEndAgreement, mayStopAgreement } from "./agreement.policy.ts";
import { countCut, findAgreement, writeEnd, writeStop } from "./agreement.store.ts";
import { type Agreement, GRACE_MINUTES, stateOf } from "./agreement.ts";

async function agreementOf(tx: Tx, id: string): Promise<Agreement> {
  const agreement = await findAgreement(tx, id);
  if (!agreement) throw new NotFound("AGREEMENT_NOT_FOUND", "There is no such agreement.");
  return agreement;
}

function requireRunning(agreement: Agreement, now: Date): void {
  const state = stateOf(agreement, now);
  if (state === "stopped" || state === "ended")
    throw new Conflict("AGREEMENT_IS_OVER", "This agreement is over already. Load the list again.");
}

const reason = z.string().trim().min(3).max(500);

/** What ending it would cut, in numbers, before anybody does. */
export const previewEnd = defineAction({
  name: "organisation.preview-end",
  input: z.object({ agreementId: z.uuid() }),
  policy: mayEndAgreement,
  load: (tx, { agreementId }) => agreementOf(tx, agreementId),
  run: async (tx, _input, { odsCode }) => ({
    ...(await countCut(tx, odsCode)),
    odsCode,
    graceMinutes: GRACE_MINUTES,
  }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ agreementId }, done) => ({
      ...(done ? { custodian: done.odsCode } : {}),
      detail: { agreementId },
    }),
  },
});

/**
 * Gives an agreement its end. What is open then gets a banner and an hour; nothing new opens.
 *
 * @throws {Invalid} `END_IS_PAST`
 * @throws {Conflict} `AGREEMENT_IS_OVER`
 */
export const endAgreement = defineAction({
  name: "organisation.end-agreement",
  input: z.object({ agreementId: z.uuid(), endsAt: z.iso.datetime().nullish(), reason }),
  policy: mayEndAgreement,
  load: (tx, { agreementId }) => agreementOf(tx, agreementId),
  async run(tx, input, agreement) {
    requireRunning(agreement, tx.now);
    const endsAt = input.endsAt ? new Date(input.endsAt) : tx.now;
    if (endsAt < tx.now) throw new Invalid("END_IS_PAST", "The end lies in the past.");
    await writeEnd(tx, agreement.agreementId, endsAt, input.reason);
    return { endsAt: endsAt.toISOString(), odsCode: agreement.odsCode };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ agreementId }, done) => ({
      ...(done ? { custodian: done.odsCode } : {}),
      detail: { agreementId, ...(done ? { endsAt: done.endsAt } : {}) },
    }),
  },
});

/** Cuts at once, what is open too: no byte after the life of a signed URL. */
export const stopAgreement = defineAction({
  name: "organisation.stop-agreement",
  input: z.object({ agreementId: z.uuid(), reason }),
  policy: mayStopAgreement,
  load: (tx, { agreementId }) => agreementOf(tx, agreementId),
  async run(tx, input, agreement) {
    if (stateOf(agreement, tx.now) === "stopped")
      throw new Conflict("AGREEMENT_IS_OVER", "This agreement is over already. Load the list again.");
    await writeStop(tx, agreement.agreementId, input.reason);
    return { odsCode: agreement.odsCode };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ agreementId }, done) => ({
      ...(done ? { custodian: done.odsCode } : {}),
      detail: { agreementId, isStopped: true },
    }),
  },
});
