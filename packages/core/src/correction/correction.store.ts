import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Level, OverlayChange, Owner } from "../study/index.ts";
import { Asked } from "./correction.ts";

/** What stood before, in ids and attributes: what an undo puts back. */
export type Before = {
  rejected?: { level: Level; ids: string[] };
  owner?: Owner;
  series?: { id: string; studyId: string }[];
  instances?: { id: string; seriesId: string }[];
  overlays?: { level: Level; targetId: string; studyId: string; change: OverlayChange }[];
  /** Every study that this correction touched. */
  studyIds: string[];
  seriesIds: string[];
};

export type State = "waiting" | "done" | "declined" | "undone";
const STATES: readonly State[] = ["waiting", "done", "declined", "undone"];

export type CorrectionRow = {
  id: string;
  custodian: string;
  level: string;
  studyId: string;
  fromPatientId: string;
  toPatientId: string | undefined;
  asked: Asked;
  before: Before | undefined;
  reason: string;
  state: State;
  askedBy: string;
  askedAt: Date;
  decidedBy: string | undefined;
  decidedAt: Date | undefined;
  doneAt: Date | undefined;
  undoes: string | undefined;
};

const columns = {
  id: true,
  custodian: true,
  level: true,
  studyId: true,
  fromPatientId: true,
  toPatientId: true,
  asked: true,
  before: true,
  reason: true,
  state: true,
  askedBy: true,
  askedAt: true,
  decidedBy: true,
  decidedAt: true,
  doneAt: true,
  undoes: true,
} as const;

type Row = {
  id: string;
  custodian: string;
  level: string;
  studyId: string;
  fromPatientId: string;
  toPatientId: string | null;
  asked: unknown;
  before: unknown;
  reason: string;
  state: string;
  askedBy: string;
  askedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  doneAt: Date | null;
  undoes: string | null;
};

const shape = (row: Row): CorrectionRow => ({
  ...row,
  asked: Asked.parse(row.asked),
  before: (row.before ?? undefined) as Before | undefined,
  state: STATES.find((state) => state === row.state) ?? "waiting",
  toPatientId: row.toPatientId ?? undefined,
  decidedBy: row.decidedBy ?? undefined,
  decidedAt: row.decidedAt ?? undefined,
  doneAt: row.doneAt ?? undefined,
  undoes: row.undoes ?? undefined,
});

export type NewCorrection = {
  custodian: string;
  studyId: string;
  fromPatientId: string;
  toPatientId: string | undefined;
  asked: Asked;
  reason: string;
  undoes?: string;
};

/** Something is asked. Done in the same transaction, or waiting for a second person. */
export async function writeCorrection(tx: Tx, correction: NewCorrection): Promise<string> {
  const { asked, toPatientId, undoes, ...rest } = correction;
  const row = await databaseOf(tx).correction.create({
    data: {
      ...rest,
      kind: asked.kind,
      level: asked.kind === "move" ? "study" : asked.level,
      toPatientId: toPatientId ?? null,
      asked: asked as object,
      code: asked.kind === "reject" ? asked.code : null,
      state: "waiting",
      askedBy: tx.actor.id,
      askedAt: tx.now,
      undoes: undoes ?? null,
    },
    select: { id: true },
  });
  return row.id;
}

export async function markDone(
  tx: Tx,
  id: string,
  done: { before: Before; noteInstanceId: string | undefined; toPatientId: string | undefined },
): Promise<void> {
  await databaseOf(tx).correction.update({
    where: { id },
    data: {
      state: "done",
      before: done.before as object,
      doneAt: tx.now,
      noteInstanceId: done.noteInstanceId ?? null,
      ...(done.toPatientId ? { toPatientId: done.toPatientId } : {}),
    },
    select: { id: true },
  });
}

/** Once: of two who decide at the same time the second finds it decided. */
export async function markDecided(
  tx: Tx,
  id: string,
  state: "waiting" | "declined",
  reason: string | undefined,
) {
  const { count } = await databaseOf(tx).correction.updateMany({
    where: { id, state: "waiting", decidedBy: null },
    data: { state, decidedBy: tx.actor.id, decidedAt: tx.now, decisionReason: reason ?? null },
  });
  return count === 1;
}

export async function markUndone(tx: Tx, id: string): Promise<boolean> {
  const { count } = await databaseOf(tx).correction.updateMany({
    where: { id, state: "done" },
    data: { state: "undone" },
  });
  return count === 1;
}

export async function findCorrection(tx: Tx, id: string): Promise<CorrectionRow | undefined> {
  const row = await databaseOf(tx).correction.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function isWaitingFor(tx: Tx, studyId: string): Promise<boolean> {
  const row = await databaseOf(tx).correction.findFirst({
    where: { studyId, state: "waiting" },
    select: { id: true },
  });
  return row !== null;
}

/** A correction that was made later of the same studies, and stands: an undo must not pull the ground from under it. */
export async function hasNewer(tx: Tx, row: CorrectionRow): Promise<boolean> {
  const [found] = await databaseOf(tx).$queryRaw<{ found: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM correction c WHERE c.state = 'done' AND c.undoes IS NULL AND c.id <> ${row.id}::uuid AND c.done_at > ${row.doneAt ?? row.askedAt}::timestamptz
      AND (c.study_id = ANY (${row.before?.studyIds ?? [row.studyId]}::uuid[])
        OR c.before -> 'studyIds' ?| ${row.before?.studyIds ?? [row.studyId]}::text[])) AS found`;
  return found?.found ?? false;
}

export async function findCorrections(
  tx: Tx,
  custodian: string,
  states: readonly State[],
  limit: number,
): Promise<CorrectionRow[]> {
  const rows = await databaseOf(tx).correction.findMany({
    where: { custodian, state: { in: [...states] } },
    select: columns,
    orderBy: { askedAt: "desc" },
    take: limit,
  });
  return rows.map(shape);
}

/** Those that wait for a second person of the trust. */
export const countWaiting = (tx: Tx, custodian: string): Promise<number> =>
  databaseOf(tx).correction.count({ where: { custodian, state: "waiting" } });

/** Whether a report stands for the study, by the view that `reporting` declares. */
export async function isReported(tx: Tx, studyId: string): Promise<boolean> {
  const rows = await databaseOf(tx).$queryRaw<unknown[]>`
    SELECT 1 FROM reported_study WHERE study_id = ${studyId}::uuid`;
  return rows.length > 0;
}
