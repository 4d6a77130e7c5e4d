import { databaseOf, type Tx } from "../kernel/tx.ts";

export type MarkRow = {
  id: string;
  patientRecordId: string;
  custodian: string;
  class: string;
  reason: string;
  markedBy: string;
  markedAt: Date;
  reviewBy: Date | null;
};

const columns = {
  id: true,
  patientRecordId: true,
  custodian: true,
  class: true,
  reason: true,
  markedBy: true,
  markedAt: true,
  reviewBy: true,
} as const;

export type NewMark = Pick<MarkRow, "patientRecordId" | "custodian" | "class" | "reason" | "reviewBy">;

export async function writeMark(tx: Tx, mark: NewMark): Promise<string> {
  const row = await databaseOf(tx).recordMark.create({
    data: { ...mark, markedBy: tx.actor.id, markedAt: tx.now },
    select: { id: true },
  });
  return row.id;
}

/** Marks of a trust that hold. What must be looked at again soonest comes first. */
export const marksOf = (tx: Tx, custodian: string, limit: number): Promise<MarkRow[]> =>
  databaseOf(tx).recordMark.findMany({
    where: { custodian, endedAt: null },
    select: columns,
    orderBy: [{ reviewBy: { sort: "asc", nulls: "last" } }, { markedAt: "desc" }, { id: "asc" }],
    take: limit,
  });

export async function findMark(tx: Tx, id: string): Promise<MarkRow | undefined> {
  const row = await databaseOf(tx).recordMark.findFirst({ where: { id, endedAt: null }, select: columns });
  return row ?? undefined;
}

/** The marks of a record that hold, of one class or all but some. */
export const marksOfRecord = (tx: Tx, patientRecordId: string): Promise<MarkRow[]> =>
  databaseOf(tx).recordMark.findMany({ where: { patientRecordId, endedAt: null }, select: columns });

export async function endMarks(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
  await databaseOf(tx).recordMark.updateMany({
    where: { id: { in: [...ids] }, endedAt: null },
    data: { endedAt: tx.now, endedBy: tx.actor.id, endReason: reason },
  });
}
