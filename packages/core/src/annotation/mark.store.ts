import { databaseOf, type Tx } from "../kernel/tx.ts";
import { type Mark, MarkContent, type MarkState } from "./mark.ts";

const columns = {
  id: true,
  studyId: true,
  custodian: true,
  patientRecordId: true,
  instanceId: true,
  instanceVersion: true,
  frame: true,
  content: true,
  version: true,
  authorId: true,
  authorRole: true,
  authorOrganisation: true,
  madeAt: true,
  changedAt: true,
  publishedAt: true,
  withdrawnAt: true,
} as const;

type Row = Omit<Mark, "frame" | "content" | "state"> & {
  instanceId: string | null;
  instanceVersion: number | null;
  frame: number | null;
  content: unknown;
  publishedAt: Date | null;
  withdrawnAt: Date | null;
};

const stateOf = ({ publishedAt, withdrawnAt }: Row): MarkState =>
  withdrawnAt ? "withdrawn" : publishedAt ? "published" : "draft";

function shape(row: Row): Mark {
  const { instanceId, instanceVersion, frame, publishedAt: _p, withdrawnAt: _w, content, ...rest } = row;
  const isOfFrame = instanceId !== null && instanceVersion !== null && frame !== null;
  return {
    ...rest,
    content: MarkContent.parse(content),
    frame: isOfFrame ? { instanceId, instanceVersion, frame } : undefined,
    state: stateOf(row),
  };
}

export type NewMark = Pick<
  Mark,
  | "id"
  | "studyId"
  | "custodian"
  | "patientRecordId"
  | "frame"
  | "content"
  | "authorId"
  | "authorRole"
  | "authorOrganisation"
>;

/** @returns Whether it was made: an id that stands already is left alone. */
export async function insertMark(tx: Tx, mark: NewMark): Promise<boolean> {
  const { frame, content, ...rest } = mark;
  const { count } = await databaseOf(tx).mark.createMany({
    data: [
      {
        ...rest,
        kind: content.kind,
        content,
        instanceId: frame?.instanceId ?? null,
        instanceVersion: frame?.instanceVersion ?? null,
        frame: frame?.frame ?? null,
        madeAt: tx.now,
        changedAt: tx.now,
      },
    ],
    skipDuplicates: true,
  });
  return count === 1;
}

/** These marks of one study, locked until the end of the transaction, in one order. */
export async function lockMarks(tx: Tx, studyId: string, ids: readonly string[]): Promise<Mark[]> {
  const db = databaseOf(tx);
  await db.$queryRaw`SELECT id::text FROM mark WHERE study_id = ${studyId}::uuid AND id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
  const rows = await db.mark.findMany({ where: { studyId, id: { in: [...ids] } }, select: columns });
  return rows.map(shape);
}

export async function findMark(tx: Tx, id: string): Promise<Mark | undefined> {
  const row = await databaseOf(tx).mark.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

/** The author's own and what others published; links are no part of a list. */
export async function findMarksOfStudy(tx: Tx, studyId: string, limit: number): Promise<Mark[]> {
  const rows = await databaseOf(tx).mark.findMany({
    where: {
      studyId,
      kind: { not: "view" },
      OR: [{ authorId: tx.actor.id }, { publishedAt: { not: null }, withdrawnAt: null }],
    },
    select: columns,
    orderBy: [{ madeAt: "desc" }, { id: "asc" }],
    take: limit,
  });
  return rows.map(shape);
}

export const countOwnMarks = (tx: Tx, studyId: string): Promise<number> =>
  databaseOf(tx).mark.count({ where: { studyId, authorId: tx.actor.id } });

export async function rewriteMark(tx: Tx, id: string, content: MarkContent): Promise<void> {
  await databaseOf(tx).mark.update({
    where: { id },
    data: { content, version: { increment: 1 }, changedAt: tx.now },
    select: { id: true },
  });
}

export async function publishMarks(tx: Tx, ids: readonly string[]): Promise<void> {
  await databaseOf(tx).mark.updateMany({
    where: { id: { in: [...ids] }, publishedAt: null },
    data: { publishedAt: tx.now, changedAt: tx.now },
  });
}

/** Takes back, or with `null` brings back as it was. */
export async function setWithdrawn(tx: Tx, id: string, withdrawnAt: Date | null): Promise<void> {
  await databaseOf(tx).mark.update({
    where: { id },
    data: { withdrawnAt, changedAt: tx.now },
    select: { id: true },
  });
}

export async function isReadIn(tx: Tx, studyId: string, personId: string): Promise<boolean> {
  const found = await databaseOf(tx).screeningRead.findUnique({
    where: { studyId_personId: { studyId, personId } },
    select: { studyId: true },
  });
  return found !== null;
}

export async function noteReadIn(tx: Tx, read: { studyId: string; custodian: string }): Promise<void> {
  await databaseOf(tx).screeningRead.createMany({
    data: [{ ...read, personId: tx.actor.id, inAt: tx.now }],
    skipDuplicates: true,
  });
}
