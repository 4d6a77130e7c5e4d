import { NotFound, type Tx } from "../kernel/index.ts";
import { findReferral } from "./referral.store.ts";
import { isInForce, type Referral } from "./referral.ts";

export const noSuchReferral = () =>
  new NotFound("REFERRAL_NOT_FOUND", "There is no such referral, or it isn't yours.");

/** @throws {NotFound} `REFERRAL_NOT_FOUND` */
export async function referralFacts(tx: Tx, id: string) {
  const referral = await findReferral(tx, id);
  if (!referral) throw noSuchReferral();
  const { personId, toPersonId } = referral;
  return { personId, toPersonId, isInForce: isInForce(referral, tx.now), referral };
}

/** By whose word the receiver cares for the patient. */
export const sourceOf = ({ id, toOrganisation }: Pick<Referral, "id" | "toOrganisation">) =>
  ({ organisation: toOrganisation, kind: "referral", source: `referral:${id}` }) as const;

/** As it stands on the audit: no word of it. */
export const audited = (done: Referral | undefined) =>
  done ? { patientId: done.patientId, studyId: done.studyId } : {};
