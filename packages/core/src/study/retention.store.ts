import { databaseOf, type Tx } from "../kernel/tx.ts";

export type KeptStudy = {
  id: string;
  patientRecordId: string;
  patientId: string;
  accessionNumber: string | undefined;
  description: string | undefined;
  modalities: string[];
  /** YYYY-MM-DD; where the study says none, when it came. */
  studyDate: string;
  isHeld: boolean;
};

const keptColumns = {
  id: true,
  patientRecordId: true,
  patientId: true,
  accessionNumber: true,
  description: true,
  modalities: true,
  studyDate: true,
  receivedAt: true,
} as const;

/** Every study of a trust, served or not, in pages by id: what is rejected is kept as long as any other. */
export const findKeptStudies = (
  tx: Tx,
  custodian: string,
  page: { after: string | undefined; limit: number },
): Promise<KeptStudy[]> =>
  findKept(tx, { custodian, ...(page.after ? { id: { gt: page.after } } : {}) }, page.limit);

/** One, or none. */
export const findKeptStudy = (tx: Tx, id: string): Promise<KeptStudy[]> => findKept(tx, { id }, 1);

async function findKept(
  tx: Tx,
  where: { custodian?: string; id?: string | { gt: string } },
  take: number,
): Promise<KeptStudy[]> {
  const rows = await databaseOf(tx).study.findMany({
    where,
    select: keptColumns,
    orderBy: { id: "asc" },
    take,
  });
  const held = await findHeld(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map(({ receivedAt, ...row }) => ({
    ...row,
    accessionNumber: row.accessionNumber ?? undefined,
    description: row.description ?? undefined,
    studyDate: (row.studyDate ?? receivedAt).toISOString().slice(0, 10),
    isHeld: held.has(row.id),
  }));
}

async function findHeld(tx: Tx, studyIds: readonly string[]): Promise<Set<string>> {
  const rows = await databaseOf(tx).retentionHold.findMany({
    where: { studyId: { in: [...studyIds] }, endedAt: null },
    select: { studyId: true },
  });
  return new Set(rows.map(({ studyId }) => studyId));
}

export type HoldRow = {
  id: string;
  studyId: string;
  custodian: string;
  reason: string;
  placedBy: string;
  placedAt: Date;
  endedAt: Date | null;
};

const columns = {
  id: true,
  studyId: true,
  custodian: true,
  reason: true,
  placedBy: true,
  placedAt: true,
  endedAt: true,
} as const;

export async function placeHold(
  tx: Tx,
  hold: { studyId: string; custodian: string; reason: string },
): Promise<string> {
  const row = await databaseOf(tx).retentionHold.create({
    data: { ...hold, placedBy: tx.actor.id, placedAt: tx.now },
    select: { id: true },
  });
  return row.id;
}

export async function findHolds(tx: Tx, studyId: string): Promise<HoldRow[]> {
  return databaseOf(tx).retentionHold.findMany({
    where: { studyId },
    select: columns,
    orderBy: { placedAt: "desc" },
    take: 20,
  });
}

export async function findHold(tx: Tx, id: string): Promise<HoldRow | undefined> {
  return (await databaseOf(tx).retentionHold.findUnique({ where: { id }, select: columns })) ?? undefined;
}

/** Ended once: of two, the second finds it ended. */
export async function endHoldOf(tx: Tx, id: string, reason: string): Promise<boolean> {
  const { count } = await databaseOf(tx).retentionHold.updateMany({
    where: { id, endedAt: null },
    data: { endedAt: tx.now, endedBy: tx.actor.id, endedReason: reason },
  });
  return count === 1;
}
