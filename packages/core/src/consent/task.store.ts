import { databaseOf, type Tx } from "../kernel/tx.ts";

export const TASKS = [
  "not-delivered",
  "locked",
  "not-me",
  "new-link",
  "access-asked",
  "safeguarding",
  "proxy-review",
] as const;
export type TaskKind = (typeof TASKS)[number];

/** Whoever reviews access in a trust: its privacy officers and Caldicott Guardians, who lead on safeguarding what is shared. */
export const REVIEWERS = "activity:review-access";

export type NewTask = {
  organisation: string;
  kind: TaskKind;
  forWhom: string;
  patientId: string;
  linkId?: string;
  studyId?: string;
  proxyId?: string;
  words?: string;
};

/** One that stands already for the same isn't raised twice. */
export async function raiseTask(tx: Tx, task: NewTask): Promise<void> {
  const db = databaseOf(tx).linkTask;
  const { kind, linkId = null, studyId = null, proxyId = null, words = "", ...of } = task;
  const same = { kind, linkId, studyId, proxyId, words, ...of };
  const known = await db.findFirst({ where: { ...same, doneAt: null }, select: { id: true } });
  if (known) return;
  await db.create({ data: { ...same, raisedAt: tx.now }, select: { id: true } });
}

export type Task = {
  id: string;
  organisation: string;
  kind: TaskKind;
  forWhom: string;
  patientId: string;
  linkId: string | undefined;
  studyId: string | undefined;
  proxyId: string | undefined;
  words: string;
  raisedAt: Date;
  doneAt: Date | undefined;
};

const columns = {
  ...{ id: true, organisation: true, kind: true, forWhom: true, patientId: true, linkId: true },
  ...{ studyId: true, proxyId: true, words: true, raisedAt: true, doneAt: true },
} as const;
type Row = {
  [K in keyof Task]: undefined extends Task[K] ? Exclude<Task[K], undefined> | null : Task[K];
};
const shape = (row: Omit<Row, "kind"> & { kind: string }): Task => ({
  ...row,
  kind: TASKS.find((one) => one === row.kind) ?? "not-delivered",
  linkId: row.linkId ?? undefined,
  studyId: row.studyId ?? undefined,
  proxyId: row.proxyId ?? undefined,
  doneAt: row.doneAt ?? undefined,
});

export async function findTasks(
  tx: Tx,
  organisation: string,
  forWhom: readonly string[],
  most: number,
): Promise<Task[]> {
  const rows = await databaseOf(tx).linkTask.findMany({
    where: { organisation, forWhom: { in: [...forWhom] }, doneAt: null },
    select: columns,
    orderBy: { raisedAt: "desc" },
    take: most,
  });
  return rows.map(shape);
}

export async function findTask(tx: Tx, id: string): Promise<Task | undefined> {
  const row = await databaseOf(tx).linkTask.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function finishTaskNow(tx: Tx, id: string, words: string): Promise<void> {
  await databaseOf(tx).linkTask.updateMany({
    where: { id, doneAt: null },
    data: { doneAt: tx.now, doneBy: tx.actor.id, doneWords: words },
  });
}

/** Tasks of one kind that stand in a trust, whoever's they are. */
export const countTasks = (tx: Tx, organisation: string, kind: TaskKind): Promise<number> =>
  databaseOf(tx).linkTask.count({ where: { organisation, kind, doneAt: null } });
