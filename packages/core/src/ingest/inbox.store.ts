import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { ArrivalKind } from "./inbox-key.ts";

export type Outcome = "accepted" | "duplicate" | "alternate" | "quarantined" | "skipped";

export type NewUpload = {
  id: string;
  custodian: string;
  door: string;
  outside: { patientRecordId: string; sourceName: string } | undefined;
};

export async function createUpload(tx: Tx, upload: NewUpload): Promise<void> {
  await databaseOf(tx).upload.create({
    data: {
      id: upload.id,
      custodian: upload.custodian,
      senderId: tx.actor.id,
      door: upload.door,
      patientRecordId: upload.outside?.patientRecordId ?? null,
      sourceName: upload.outside?.sourceName ?? null,
      createdAt: tx.now,
    },
    select: { id: true },
  });
}

export type UploadRow = {
  id: string;
  custodian: string;
  senderId: string;
  door: string;
  patientRecordId: string | null;
  sourceName: string | null;
  finishedAt: Date | null;
};

const uploadColumns = {
  id: true,
  custodian: true,
  senderId: true,
  door: true,
  patientRecordId: true,
  sourceName: true,
  finishedAt: true,
} as const;

export async function findUpload(tx: Tx, uploadId: string): Promise<UploadRow | undefined> {
  return (
    (await databaseOf(tx).upload.findUnique({ where: { id: uploadId }, select: uploadColumns })) ?? undefined
  );
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
  await databaseOf(tx).inboxItem.createMany({ data: items.map((item) => ({ ...item, createdAt: tx.now })) });
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

export async function settleItem(tx: Tx, settlement: Settlement): Promise<void> {
  await databaseOf(tx).inboxItem.update({
    where: { id: settlement.itemId },
    data: {
      outcome: settlement.outcome,
      code: settlement.code ?? null,
      message: settlement.message ?? null,
      sha256: settlement.sha256 ?? null,
      studyId: settlement.studyId ?? null,
      instanceId: settlement.instanceId ?? null,
      settledAt: tx.now,
    },
    select: { id: true },
  });
}

/** A retried item waits again. */
export async function reopenItem(tx: Tx, itemId: string): Promise<void> {
  await databaseOf(tx).inboxItem.update({
    where: { id: itemId },
    data: { outcome: null, code: null, message: null, settledAt: null },
    select: { id: true },
  });
}
