import { lastOpenedAt } from "../audit/index.ts";
import { organisationOf, type Part, type Purpose, type Tx } from "../kernel/index.ts";
import { GRACE_MINUTES, type Kind } from "../organisation/index.ts";
import { type Agreed, agreedOn } from "./agreed.ts";
import { findFacts, findSharing, type Held } from "./facts.store.ts";
import type { ReadingFacts } from "./reading.policy.ts";

export type { Held };

const SHIFT_HOURS = 12;

/** What was open when an agreement ended stays open for a while to who had opened it in that shift. */
async function hadOpened(tx: Tx, studyId: string | undefined, endedAt: Date): Promise<boolean> {
  if (!studyId) return false;
  const since = new Date(endedAt.getTime() - SHIFT_HOURS * 3_600_000);
  const openedAt = await lastOpenedAt(tx, { studyId, since, until: endedAt });
  return openedAt !== undefined;
}

async function agreementWith(tx: Tx, held: Held, kind: Kind): Promise<ReadingFacts["agreement"]> {
  const own = organisationOf(tx.actor);
  if (own === null || own === held.custodian) return "own";
  const agreed: Agreed = agreedOn(await findSharing(tx, held.custodian, own), kind, tx.purpose);
  if (agreed === "yes") return "in-force";
  if (agreed === "no") return "none";
  return (await hadOpened(tx, held.studyId, agreed.endedAt)) ? { endedAt: agreed.endedAt } : "ended";
}

/** Whether what a custodian holds of this kind is shared with that organisation for this purpose, now. */
export const isShared = async (
  tx: Tx,
  { custodian, organisation }: { custodian: string; organisation: string },
  kind: Kind,
  purpose: Purpose,
): Promise<boolean> => agreedOn(await findSharing(tx, custodian, organisation), kind, purpose) === "yes";

/** What the reading policy must know of this actor and what is held on a patient. Without a study there is no part of one. */
export async function readingFacts(
  tx: Tx,
  held: Held & Partial<Part>,
  kind: Kind = "images",
): Promise<ReadingFacts> {
  const personId = tx.actor.kind === "person" ? tx.actor.id : "";
  const agreement = await agreementWith(tx, held, kind);
  const { custodian, modalities = [], bodyParts = [] } = held;
  return { custodian, agreement, modalities, bodyParts, ...(await findFacts(tx, personId, held)) };
}

/** When what this actor has open closes, since its agreement has ended. `undefined`: not for that reason. */
export const closesAt = ({ agreement }: Pick<ReadingFacts, "agreement">): Date | undefined =>
  typeof agreement === "object" ? new Date(agreement.endedAt.getTime() + GRACE_MINUTES * 60_000) : undefined;
