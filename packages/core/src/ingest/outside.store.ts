import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { QuarantineIdentity } from "./quarantine.store.ts";

/** One identity that a disc states and that waits for the sender's word. */
export type OutsideWaiting = {
  uploadId: string;
  identityKey: string;
  sourceName: string;
  patientRecordId: string;
  images: number;
  since: Date;
  identity: QuarantineIdentity;
};

const MOST = 100;

/** What waits of the actor's own discs, the newest first; one line an identity. */
export async function findOutsideWaiting(tx: Tx, custodian: string): Promise<OutsideWaiting[]> {
  return databaseOf(tx).$queryRaw<OutsideWaiting[]>`
    SELECT u.id::text AS "uploadId", q.identity_key AS "identityKey", u.source_name AS "sourceName",
      u.patient_record_id::text AS "patientRecordId", count(*)::int AS images, min(q.created_at) AS since,
      (array_agg(q.identity))[1] AS identity
    FROM quarantine_item q JOIN inbox_item b ON b.id = q.inbox_item_id JOIN upload u ON u.id = b.upload_id
    WHERE q.custodian = ${custodian} AND q.state = 'waiting' AND q.code = 'OUTSIDE_IDENTITY_DIFFERS'
      AND u.sender_id = ${tx.actor.id} AND u.custodian = ${custodian} AND q.identity_key IS NOT NULL
    GROUP BY u.id, q.identity_key
    ORDER BY u.id DESC, q.identity_key LIMIT ${MOST}`;
}

export type OutsideItem = { quarantineId: string; inboxItemId: string; objectKey: string };

/** What waits of one identity of one disc. */
export async function findOutsideItems(
  tx: Tx,
  { uploadId, identityKey }: { uploadId: string; identityKey: string },
  limit: number,
): Promise<OutsideItem[]> {
  return databaseOf(tx).$queryRaw<OutsideItem[]>`
    SELECT q.id::text AS "quarantineId", q.inbox_item_id::text AS "inboxItemId", q.object_key AS "objectKey"
    FROM quarantine_item q JOIN inbox_item b ON b.id = q.inbox_item_id
    WHERE b.upload_id = ${uploadId}::uuid AND q.identity_key = ${identityKey} AND q.state = 'waiting'
      AND q.code = 'OUTSIDE_IDENTITY_DIFFERS'
    ORDER BY q.id LIMIT ${limit} FOR UPDATE OF q`;
}

export async function decideItems(
  tx: Tx,
  quarantineIds: readonly string[],
  { state, reason }: { state: "retried" | "discarded"; reason: string },
): Promise<void> {
  await databaseOf(tx).quarantineItem.updateMany({
    where: { id: { in: [...quarantineIds] }, state: "waiting" },
    data: { state, decidedBy: tx.actor.id, decidedAt: tx.now, decisionReason: reason },
  });
}

/** The first word stands: said again, it changes nothing. */
export async function writeConfirmed(
  tx: Tx,
  confirmation: { uploadId: string; identityKey: string; custodian: string; reason: string },
): Promise<void> {
  const { uploadId, identityKey } = confirmation;
  await databaseOf(tx).outsideConfirmation.upsert({
    where: { uploadId_identityKey: { uploadId, identityKey } },
    create: { ...confirmation, confirmedBy: tx.actor.id, confirmedAt: tx.now },
    update: {},
    select: { uploadId: true },
  });
}

export async function isConfirmed(tx: Tx, uploadId: string, identityKey: string): Promise<boolean> {
  const found = await databaseOf(tx).outsideConfirmation.findUnique({
    where: { uploadId_identityKey: { uploadId, identityKey } },
    select: { uploadId: true },
  });
  return found !== null;
}
