import { databaseOf, type Tx } from "../kernel/tx.ts";

export type Telling = {
  correctionId: string;
  custodian: string;
  studyIds: readonly string[];
  /** Under whom it was seen. */
  patientId: string;
  /** The correction that is undone: who was told of it is told of this too. */
  undoes: string | undefined;
};

/**
 * Everyone who opened these studies under this patient is told, by the audit's own record of it (`study_opening`, a view that
 * the audit declares); not who corrects.
 */
export async function tellReaders(tx: Tx, telling: Telling): Promise<number> {
  const { correctionId, custodian, studyIds, patientId, undoes } = telling;
  return databaseOf(tx).$executeRaw`
    INSERT INTO correction_notice (id, custodian, correction_id, person_id, role, organisation, opened_at, created_at)
    SELECT DISTINCT ON (o.person_id) uuidv7(), ${custodian}, ${correctionId}::uuid, o.person_id, o.role, o.organisation, o.at,
      ${tx.now}::timestamptz
    FROM (
      SELECT person_id, role, organisation, at FROM study_opening
      WHERE study_id = ANY (${[...studyIds]}::uuid[]) AND patient_id = ${patientId}::uuid
      UNION ALL
      SELECT person_id, role, organisation, opened_at FROM correction_notice
      WHERE correction_id = ${undoes ?? null}::uuid AND person_id IS NOT NULL
    ) o
    WHERE o.person_id <> ${tx.actor.id}
    ORDER BY o.person_id, o.at DESC`;
}

/** Trusts that hold the same study under the same patient: what was wrong here may be wrong there. */
export async function tellTrusts(
  tx: Tx,
  { correctionId, custodian }: { correctionId: string; custodian: string },
  organisations: readonly string[],
): Promise<void> {
  await databaseOf(tx).correctionNotice.createMany({
    data: organisations.map((organisation) => ({ correctionId, custodian, organisation, createdAt: tx.now })),
  });
}

export type NoticeRow = {
  id: string;
  correctionId: string;
  custodian: string;
  personId: string | undefined;
  role: string | undefined;
  organisation: string;
  openedAt: Date | undefined;
  createdAt: Date;
  acknowledgedBy: string | undefined;
  acknowledgedAt: Date | undefined;
  studyId: string;
  kind: string;
  isUndo: boolean;
  fromPatientId: string;
};

const columns = {
  id: true,
  correctionId: true,
  custodian: true,
  personId: true,
  role: true,
  organisation: true,
  openedAt: true,
  createdAt: true,
  acknowledgedBy: true,
  acknowledgedAt: true,
  correction: { select: { studyId: true, kind: true, undoes: true, fromPatientId: true } },
} as const;

type Row = {
  id: string;
  correctionId: string;
  custodian: string;
  personId: string | null;
  role: string | null;
  organisation: string;
  openedAt: Date | null;
  createdAt: Date;
  acknowledgedBy: string | null;
  acknowledgedAt: Date | null;
  correction: { studyId: string; kind: string; undoes: string | null; fromPatientId: string };
};

const shape = ({ correction, ...row }: Row): NoticeRow => ({
  ...row,
  personId: row.personId ?? undefined,
  role: row.role ?? undefined,
  openedAt: row.openedAt ?? undefined,
  acknowledgedBy: row.acknowledgedBy ?? undefined,
  acknowledgedAt: row.acknowledgedAt ?? undefined,
  studyId: correction.studyId,
  kind: correction.kind,
  isUndo: correction.undoes !== null,
  fromPatientId: correction.fromPatientId,
});

const MOST = 20;

/** What this person has not read yet; of a trust, where they look after its archive. */
export async function findUnread(
  tx: Tx,
  personId: string,
  archiveOf: string | undefined,
): Promise<NoticeRow[]> {
  const own = { personId };
  const rows = await databaseOf(tx).correctionNotice.findMany({
    where: {
      acknowledgedAt: null,
      OR: archiveOf ? [own, { personId: null, organisation: archiveOf }] : [own],
    },
    select: columns,
    orderBy: { createdAt: "desc" },
    take: MOST,
  });
  return rows.map(shape);
}

export async function findNotice(tx: Tx, id: string): Promise<NoticeRow | undefined> {
  const row = await databaseOf(tx).correctionNotice.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function findTold(tx: Tx, correctionIds: readonly string[]): Promise<NoticeRow[]> {
  const rows = await databaseOf(tx).correctionNotice.findMany({
    where: { correctionId: { in: [...correctionIds] } },
    select: columns,
    orderBy: { openedAt: "desc" },
  });
  return rows.map(shape);
}

export async function markAcknowledged(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).correctionNotice.updateMany({
    where: { id, acknowledgedAt: null },
    data: { acknowledgedBy: tx.actor.id, acknowledgedAt: tx.now },
  });
}
