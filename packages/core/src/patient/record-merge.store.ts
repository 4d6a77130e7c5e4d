import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewMerge = {
  custodian: string;
  fromRecord: string;
  intoRecord: string;
  fromPatient: string;
  intoPatient: string;
  movedRecords: readonly string[];
  how: "person" | "message";
  messageId: string | undefined;
  reason: string;
};

export type MergeRow = {
  id: string;
  custodian: string;
  fromRecord: string;
  intoRecord: string;
  fromPatient: string;
  intoPatient: string;
  movedRecords: string[];
  movedStudies: string[];
  how: string;
  reason: string;
  by: string;
  at: Date;
  undoneAt: Date | null;
  undoneBy: string | null;
};

const columns = {
  id: true,
  custodian: true,
  fromRecord: true,
  intoRecord: true,
  fromPatient: true,
  intoPatient: true,
  movedRecords: true,
  movedStudies: true,
  how: true,
  reason: true,
  by: true,
  at: true,
  undoneAt: true,
  undoneBy: true,
} as const;

export async function writeMerge(tx: Tx, merge: NewMerge): Promise<MergeRow> {
  return databaseOf(tx).recordMerge.create({
    data: {
      ...merge,
      movedRecords: [...merge.movedRecords],
      movedStudies: [],
      messageId: merge.messageId ?? null,
      by: tx.actor.id,
      at: tx.now,
    },
    select: columns,
  });
}

/** Studies that are served under the surviving number since: an undo takes exactly these back. */
export async function noteMovedStudies(tx: Tx, mergeId: string, studyIds: readonly string[]): Promise<void> {
  await databaseOf(tx).recordMerge.update({
    where: { id: mergeId },
    data: { movedStudies: [...studyIds] },
    select: { id: true },
  });
}

export async function findMerge(tx: Tx, id: string): Promise<MergeRow | undefined> {
  return (await databaseOf(tx).recordMerge.findUnique({ where: { id }, select: columns })) ?? undefined;
}

/** The merge in force by which this record was retired, the latest. */
export async function findMergeOf(tx: Tx, fromRecord: string): Promise<MergeRow | undefined> {
  const row = await databaseOf(tx).recordMerge.findFirst({
    where: { fromRecord, undoneAt: null },
    select: columns,
    orderBy: { at: "desc" },
  });
  return row ?? undefined;
}

export async function readMerges(tx: Tx, custodian: string, limit: number): Promise<MergeRow[]> {
  return databaseOf(tx).recordMerge.findMany({
    where: { custodian },
    select: columns,
    orderBy: { at: "desc" },
    take: limit,
  });
}

export async function markMergeUndone(tx: Tx, id: string, reason: string): Promise<void> {
  await databaseOf(tx).recordMerge.update({
    where: { id },
    data: { undoneAt: tx.now, undoneBy: tx.actor.id, undoneReason: reason },
    select: { id: true },
  });
}

/** Pairs of these records that a person has parted: no rule brings them together again. */
export async function findParted(tx: Tx, recordIds: readonly string[]): Promise<[string, string][]> {
  const among = { in: [...recordIds] };
  const rows = await databaseOf(tx).recordMerge.findMany({
    where: { fromRecord: among, intoRecord: among, undoneAt: { not: null } },
    select: { fromRecord: true, intoRecord: true },
  });
  return rows.map(({ fromRecord, intoRecord }) => [fromRecord, intoRecord]);
}
