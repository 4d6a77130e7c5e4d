import { z } from "zod";
import * as Identity from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { mayUseReferrals } from "./referral.policy.ts";
import { countWaiting, findReferrals } from "./referral.store.ts";
import { isInForce, type Referral, stateOf } from "./referral.ts";

const YEAR = 366 * 86_400_000;

/** Who the patients are: to the sender, and to the receiver for as long as it opens the record. */
async function identitiesOf(tx: Tx, referrals: readonly Referral[]) {
  const seen = referrals.filter((one) => one.personId === tx.actor.id || isInForce(one, tx.now));
  const records = await Patient.findRecordsByIds(tx, [
    ...new Set(seen.map(({ patientRecordId }) => patientRecordId)),
  ]);
  const byId = new Map(records.map((record) => [record.id, record.identity]));
  return new Map(seen.map(({ id, patientRecordId }) => [id, byId.get(patientRecordId)]));
}

/** Referrals to me, or by me, of a year: what was asked, of whom, whether it was opened, and the reply. */
export const listReferrals = defineAction({
  name: "referral.list",
  input: z.object({ box: z.enum(["received", "sent"]) }),
  policy: mayUseReferrals,
  load: async () => null,
  async run(tx, { box }) {
    const mine = box === "received" ? { toPersonId: tx.actor.id } : { personId: tx.actor.id };
    const referrals = await findReferrals(tx, mine, new Date(tx.now.getTime() - YEAR));
    const patients = await identitiesOf(tx, referrals);
    const names = await Identity.namesOf(
      tx,
      referrals.flatMap(({ personId, toPersonId }) => [personId, toPersonId]),
    );
    return {
      referrals: referrals.map((referral) => ({
        referralId: referral.id,
        state: stateOf(referral, tx.now),
        patient: patients.get(referral.id),
        from: {
          name: names.get(referral.personId) ?? referral.personId,
          organisation: referral.organisation,
        },
        to: {
          name: names.get(referral.toPersonId) ?? referral.toPersonId,
          organisation: referral.toOrganisation,
        },
        service: referral.service,
        question: patients.has(referral.id) ? referral.question : undefined,
        urgency: referral.urgency,
        priors: referral.priorIds.length,
        sentAt: referral.sentAt.toISOString(),
        openedAt: referral.openedAt?.toISOString(),
        reply: referral.reply,
        repliedAt: referral.repliedAt?.toISOString(),
        endsAt: referral.endsAt.toISOString(),
        isInForce: isInForce(referral, tx.now),
      })),
    };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ box }, done) => ({ detail: { box, referrals: done?.referrals.length ?? 0 } }),
  },
});

/** How many wait for me: a number, and nobody in it. */
export const countReferrals = defineAction({
  name: "referral.count",
  input: z.object({}),
  policy: mayUseReferrals,
  load: async () => null,
  run: (tx) => countWaiting(tx, tx.actor.id),
  audit: { how: "none" },
});
