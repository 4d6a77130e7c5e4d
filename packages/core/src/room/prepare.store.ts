import { databaseOf, type Tx } from "../kernel/tx.ts";
import { Fixed, type MeetingCase, PIN_KINDS } from "../mdt/index.ts";

const pinColumns = {
  ...{ id: true, caseId: true, studyId: true, seriesId: true, markId: true, kind: true, words: true },
  ...{ pinnedBy: true, removedAt: true },
} as const;

export type Pin = {
  id: string;
  caseId: string;
  studyId: string;
  seriesId: string | undefined;
  markId: string | undefined;
  kind: (typeof PIN_KINDS)[number];
  words: string;
  pinnedBy: string;
};

export async function findPins(tx: Tx, caseIds: readonly string[]): Promise<Pin[]> {
  const rows = await databaseOf(tx).casePin.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: pinColumns,
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  return rows.map(({ removedAt: _removed, seriesId, markId, kind, ...row }) => ({
    ...row,
    kind: PIN_KINDS.find((one) => one === kind) ?? "series",
    seriesId: seriesId ?? undefined,
    markId: markId ?? undefined,
  }));
}

export async function createPin(
  tx: Tx,
  { id: caseId, organisation }: Pick<MeetingCase, "id" | "organisation">,
  pin: Pick<Pin, "id" | "studyId" | "seriesId" | "markId" | "kind" | "words">,
): Promise<void> {
  const db = databaseOf(tx).casePin;
  const { _max } = await db.aggregate({ where: { caseId }, _max: { position: true } });
  const { seriesId, markId, ...rest } = pin;
  await db.createMany({
    data: [
      {
        ...{ caseId, organisation, ...rest, seriesId: seriesId ?? null, markId: markId ?? null },
        position: (_max.position ?? 0) + 1,
        pinnedBy: tx.actor.id,
        pinnedAt: tx.now,
      },
    ],
    skipDuplicates: true,
  });
}

export async function setPinned(
  tx: Tx,
  { pinId, caseId, isPinned }: { pinId: string; caseId: string; isPinned: boolean },
): Promise<boolean> {
  const { count } = await databaseOf(tx).casePin.updateMany({
    where: { id: pinId, caseId },
    data: { removedAt: isPinned ? null : tx.now, removedBy: isPinned ? null : tx.actor.id },
  });
  return count === 1;
}

export type Preparation = {
  caseId: string;
  preparerId: string;
  review: string;
  preparedAt: Date | undefined;
  fixed: Fixed | undefined;
  version: number;
};

export async function findPreparations(tx: Tx, caseIds: readonly string[]): Promise<Preparation[]> {
  const rows = await databaseOf(tx).casePreparation.findMany({
    where: { caseId: { in: [...caseIds] } },
    select: { caseId: true, preparerId: true, review: true, preparedAt: true, fixed: true, version: true },
    orderBy: [{ changedAt: "asc" }],
  });
  return rows.map(({ preparedAt, fixed, ...row }) => ({
    ...row,
    preparedAt: preparedAt ?? undefined,
    fixed: fixed === null ? undefined : Fixed.parse(fixed),
  }));
}

/** @returns whether the version was the one that stands: 0 of what is new. */
export async function keepReview(
  tx: Tx,
  { id: caseId, organisation }: Pick<MeetingCase, "id" | "organisation">,
  { review, version }: { review: string; version: number },
): Promise<boolean> {
  const db = databaseOf(tx).casePreparation;
  const preparerId = tx.actor.id;
  if (version === 0) {
    const { count } = await db.createMany({
      data: [{ caseId, organisation, preparerId, review, changedAt: tx.now }],
      skipDuplicates: true,
    });
    return count === 1;
  }
  const { count } = await db.updateMany({
    where: { caseId, preparerId, version },
    data: { review, version: { increment: 1 }, changedAt: tx.now },
  });
  return count === 1;
}

export async function setPrepared(
  tx: Tx,
  { id: caseId, organisation }: Pick<MeetingCase, "id" | "organisation">,
  fixed: Fixed | undefined,
): Promise<void> {
  const preparerId = tx.actor.id;
  const said = { preparedAt: fixed ? tx.now : null, changedAt: tx.now, ...(fixed ? { fixed } : {}) };
  await databaseOf(tx).casePreparation.upsert({
    where: { caseId_preparerId: { caseId, preparerId } },
    create: { caseId, organisation, preparerId, ...said },
    update: said,
    select: { id: true },
  });
}
