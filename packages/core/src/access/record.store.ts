import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewObjection = {
  patientRecordId: string;
  patientId: string;
  heldBy: string;
  studyId: string | null;
  discussedBy: string;
  endsAt: Date | null;
};

export async function writeObjection(tx: Tx, objection: NewObjection): Promise<string> {
  const row = await databaseOf(tx).objection.create({
    data: { ...objection, recordedBy: tx.actor.id, startsAt: tx.now },
    select: { id: true },
  });
  return row.id;
}

const columns = {
  id: true,
  patientId: true,
  heldBy: true,
  studyId: true,
  discussedBy: true,
  startsAt: true,
  endsAt: true,
} as const;

export const findObjection = (tx: Tx, id: string) =>
  databaseOf(tx).objection.findUnique({ where: { id }, select: columns });

export const findObjectionsOf = (tx: Tx, heldBy: string, limit: number) =>
  databaseOf(tx).objection.findMany({
    where: { heldBy, OR: [{ endsAt: null }, { endsAt: { gt: tx.now } }] },
    select: columns,
    orderBy: [{ startsAt: "desc" }, { id: "asc" }],
    take: limit,
  });

export async function endObjectionNow(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).objection.update({
    where: { id },
    data: { endsAt: tx.now, endedBy: tx.actor.id },
    select: { id: true },
  });
}

export async function writeOwnRecord(
  tx: Tx,
  own: { personId: string; patientRecordId: string; patientId: string },
): Promise<void> {
  const said = { statedBy: tx.actor.id, statedAt: tx.now, endedAt: null };
  await databaseOf(tx).ownRecord.upsert({
    where: { personId_patientRecordId: { personId: own.personId, patientRecordId: own.patientRecordId } },
    create: { ...own, ...said },
    update: said,
    select: { personId: true },
  });
}

export async function endOwnRecord(tx: Tx, personId: string, patientRecordId: string): Promise<void> {
  await databaseOf(tx).ownRecord.updateMany({
    where: { personId, patientRecordId, endedAt: null },
    data: { endedAt: tx.now },
  });
}
