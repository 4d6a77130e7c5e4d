import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { ArrivalKind } from "./inbox-key.ts";

export type Outcome = "accepted" | "duplicate" | "alternate" | "quarantined" | "skipped";

export type NewUpload = {
  id: string;
  custodian: string;
  door: string;
  outside: { patientRecordId: string; sourceName: string } | undefined;
  /** What a reader made of a study: objects of this study alone are taken in. */
  forStudyId?: string;
};

export async function createUpload(
  tx: Tx,
  { id, custodian, door, outside, forStudyId }: NewUpload,
): Promise<void> {
  await databaseOf(tx).$executeRaw`
    INSERT INTO upload (id, custodian, sender_id, door, patient_record_id, source_name, for_study_id, created_at)
    VALUES (${id}::uuid, ${custodian}, ${tx.actor.id}, ${door}, ${outside?.patientRecordId ?? null}::uuid,
      ${outside?.sourceName ?? null}, ${forStudyId ?? null}::uuid, ${tx.now}::timestamptz)`;
}

export type UploadRow = {
  id: string;
  custodian: string;
  senderId: string;
  door: string;
  patientRecordId: string | null;
  sourceName: string | null;
  forStudyId: string | null;
  finishedAt: Date | null;
};

const uploadColumns = {
  id: true,
  custodian: true,
  senderId: true,
  door: true,
  patientRecordId: true,
  sourceName: true,
  forStudyId: true,
  finishedAt: true,
} as const;

export async function findUpload(tx: Tx, uploadId: string): Promise<UploadRow | undefined> {
  return (
    (await databaseOf(tx).upload.findUnique({ where: { id: uploadId }, select: uploadColumns })) ?? undefined
  );
}

export async function beganBefore(tx: Tx, uploadId: string, before: Date): Promise<boolean> {
  const old = await databaseOf(tx).upload.count({ where: { id: uploadId, createdAt: { lt: before } } });
  return old > 0;
}

export async function markUploadFinished(tx: Tx, uploadId: string): Promise<void> {
  await databaseOf(tx).upload.update({
    where: { id: uploadId },
    data: { finishedAt: tx.now },
    select: { id: true },
  });
}

export type NewItem = {
  id: string;
  uploadId: string;
  custodian: string;
  kind: ArrivalKind;
  inboxKey: string;
  sizeBytes: number;
};

export async function createItems(tx: Tx, items: readonly NewItem[]): Promise<void> {
  await databaseOf(tx).$executeRaw`
    INSERT INTO inbox_item (id, upload_id, custodian, kind, inbox_key, size_bytes, created_at)
    SELECT r.id, r."uploadId", r.custodian, r.kind, r."inboxKey", r."sizeBytes", ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS r(id uuid, "uploadId" uuid, custodian text, kind text,
      "inboxKey" text, "sizeBytes" bigint)`;
}

export type ItemRow = {
  id: string;
  uploadId: string;
  inboxKey: string;
  outcome: string | null;
  code: string | null;
  message: string | null;
  instanceId: string | null;
  studyId: string | null;
};

const itemColumns = {
  id: true,
  uploadId: true,
  inboxKey: true,
  outcome: true,
  code: true,
  message: true,
  instanceId: true,
  studyId: true,
} as const;

export async function findItems(tx: Tx, ids: readonly string[]): Promise<ItemRow[]> {
  return databaseOf(tx).inboxItem.findMany({ where: { id: { in: [...ids] } }, select: itemColumns });
}

const LAST_OUT = 1000;

/** How far each queue is: by the inbox's folder, when the newest was announced of those that came out last, after `since`. */
export async function findReached(tx: Tx, since: Date): Promise<Map<string, Date>> {
  const rows = await databaseOf(tx).$queryRaw<{ folder: string; at: Date }[]>`
    SELECT split_part(inbox_key, '/', 1) AS folder, max(created_at) AS at
    FROM (SELECT inbox_key, created_at FROM inbox_item
      WHERE kind = 'dicom' AND outcome IN ('accepted', 'duplicate', 'alternate', 'skipped') AND settled_at > ${since}::timestamptz
      ORDER BY settled_at DESC LIMIT ${LAST_OUT}) AS last
    GROUP BY 1`;
  return new Map(rows.map(({ folder, at }) => [folder, at]));
}

type WaitingRow = ItemRow & Omit<UploadRow, "id">;

/** These objects of one sending as they stand, and the sending itself: in one look, as every object that arrives asks it. */
export async function findOfUpload(
  tx: Tx,
  itemIds: readonly string[],
): Promise<{ items: ItemRow[]; upload: UploadRow | undefined }> {
  const items = await databaseOf(tx).$queryRaw<WaitingRow[]>`
    SELECT i.id::text, i.upload_id::text AS "uploadId", i.inbox_key AS "inboxKey", i.outcome, i.code, i.message,
      i.instance_id::text AS "instanceId", i.study_id::text AS "studyId", u.custodian, u.sender_id AS "senderId", u.door,
      u.patient_record_id::text AS "patientRecordId", u.source_name AS "sourceName", u.for_study_id::text AS "forStudyId", u.finished_at AS "finishedAt"
    FROM inbox_item i JOIN upload u ON u.id = i.upload_id
    WHERE i.id = ANY (${[...itemIds]}::uuid[])`;
  const [first] = items;
  if (!first) return { items, upload: undefined };
  const {
    uploadId: id,
    custodian,
    senderId,
    door,
    patientRecordId,
    sourceName,
    forStudyId,
    finishedAt,
  } = first;
  const upload = { id, custodian, senderId, door, patientRecordId, sourceName, forStudyId, finishedAt };
  return { items, upload };
}

export async function findItemsOfUpload(tx: Tx, uploadId: string): Promise<ItemRow[]> {
  return databaseOf(tx).inboxItem.findMany({ where: { uploadId }, select: itemColumns });
}

export type Settlement = {
  itemId: string;
  outcome: Outcome;
  code?: string;
  message?: string;
  sha256?: string;
  studyId?: string;
  instanceId?: string;
};

const settledOf = ({ itemId, outcome, code, message, sha256, studyId, instanceId }: Settlement) => ({
  id: itemId,
  outcome,
  code: code ?? null,
  message: message ?? null,
  sha256: sha256 ?? null,
  study_id: studyId ?? null,
  instance_id: instanceId ?? null,
});

/** Of a batch in one statement. */
export async function settleItems(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  const records = JSON.stringify(settlements.map(settledOf));
  const settled = await databaseOf(tx).$executeRaw`
    UPDATE inbox_item i SET outcome = r.outcome, code = r.code, message = r.message, sha256 = r.sha256,
      study_id = r.study_id, instance_id = r.instance_id, settled_at = ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${records}::jsonb) AS r(id uuid, outcome text, code text, message text, sha256 text,
      study_id uuid, instance_id uuid)
    WHERE i.id = r.id`;
  if (settled !== settlements.length) throw new Error("an object that is settled was never announced");
}

export const settleItem = (tx: Tx, settlement: Settlement): Promise<void> => settleItems(tx, [settlement]);

/** A retried item waits again. */
export async function reopenItem(tx: Tx, itemId: string): Promise<void> {
  await databaseOf(tx).inboxItem.update({
    where: { id: itemId },
    data: { outcome: null, code: null, message: null, settledAt: null },
    select: { id: true },
  });
}

/** Of at most so many objects how they came out, and the sendings of which nothing is left then. Answers how many. */
export async function letGoBefore(tx: Tx, before: Date, most: number): Promise<number> {
  const [row] = await databaseOf(tx).$queryRaw<{ count: number }[]>`
    SELECT weald.let_go_of_outcomes(${before}::timestamptz, ${most}::int) AS count`;
  return row?.count ?? 0;
}
