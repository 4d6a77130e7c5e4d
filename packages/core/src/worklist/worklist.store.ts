import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { reportStateOf } from "../reporting/index.ts";
import { completenessOfStudy, type SeriesCount } from "../study/index.ts";
import type { Scope } from "./scope.ts";
import type { WorklistRow } from "./worklist.ts";

export type Filters = {
  from?: string | undefined;
  to?: string | undefined;
  modality?: string | undefined;
  custodian?: string | undefined;
  reportState?: "reported" | "preliminary" | "unreported" | undefined;
  isIncomplete?: boolean | undefined;
  patientId?: string | undefined;
};

type Cursor = { studiedAt: string | null; studyId: string };

type Raw = {
  id: string;
  custodian: string;
  study_instance_uid: string;
  patient_id: string;
  studied_at: Date | null;
  study_date: Date | null;
  modalities: string[];
  body_parts: string[];
  description: string | null;
  accession_number: string | null;
  is_outside: boolean;
  confirmed_source: string | null;
  confirmed_count: number | null;
  family: string;
  given: string;
  birth_date: Date | null;
  sex: string | null;
  nhs_number: string | null;
  local_number: string;
  name_differs: boolean;
  report_status: string | null;
  has_request: boolean;
  series:
    | {
        instanceCount: number;
        missingCount: number;
        expectedCount: number | null;
        expectedSource: string | null;
        isSettled: boolean;
      }[]
    | null;
};

function scoped(scope: Scope, actorId: string, now: Date): Prisma.Sql[] {
  const where: Prisma.Sql[] = [];
  const isRelated = Prisma.sql`EXISTS (SELECT 1 FROM relationship l WHERE l.patient_id = s.patient_id AND l.person_id = ${actorId}
      AND l.starts_at <= ${now}::timestamptz AND l.ends_at > ${now}::timestamptz)`;
  if (scope.custodian) {
    const isOwn = Prisma.sql`s.custodian = ${scope.custodian}`;
    where.push(scope.orRelated ? Prisma.sql`(${isOwn} OR ${isRelated})` : isOwn);
  }
  if (scope.onlyRelated) where.push(isRelated);
  const isOpen = Prisma.sql`NOT EXISTS (SELECT 1 FROM patient_record q WHERE q.patient_id = s.patient_id AND q.sensitivities <> '{}')`;
  where.push(scope.sensitiveOf ? Prisma.sql`(s.custodian = ${scope.sensitiveOf} OR ${isOpen})` : isOpen);
  return where;
}

function filtered(filters: Filters): Prisma.Sql[] {
  const where: Prisma.Sql[] = [];
  if (filters.patientId) where.push(Prisma.sql`s.patient_id = ${filters.patientId}::uuid`);
  if (filters.from) where.push(Prisma.sql`s.study_date >= ${filters.from}::date`);
  if (filters.to) where.push(Prisma.sql`s.study_date <= ${filters.to}::date`);
  if (filters.modality) where.push(Prisma.sql`${filters.modality} = ANY (s.modalities)`);
  if (filters.custodian) where.push(Prisma.sql`s.custodian = ${filters.custodian}`);
  if (filters.reportState === "unreported") where.push(Prisma.sql`v.status IS NULL`);
  if (filters.reportState === "preliminary") where.push(Prisma.sql`v.status = 'preliminary'`);
  if (filters.reportState === "reported")
    where.push(Prisma.sql`v.status IN ('final', 'amended', 'addendum')`);
  if (filters.isIncomplete) {
    where.push(Prisma.sql`EXISTS (SELECT 1 FROM series e WHERE e.study_id = s.id
      AND (e.settled_at IS NULL OR e.missing_count > 0 OR e.instance_count < e.expected_count))`);
  }
  return where;
}

/** By key, not by offset: the last page costs as much as the first. */
function after(cursor: Cursor | undefined): Prisma.Sql[] {
  if (!cursor) return [];
  if (!cursor.studiedAt) return [Prisma.sql`s.studied_at IS NULL AND s.id < ${cursor.studyId}::uuid`];
  return [
    Prisma.sql`((s.studied_at, s.id) < (${cursor.studiedAt}::timestamptz, ${cursor.studyId}::uuid) OR s.studied_at IS NULL)`,
  ];
}

export async function findRows(
  tx: Tx,
  query: { scope: Scope; filters: Filters; cursor: Cursor | undefined; limit: number },
): Promise<WorklistRow[]> {
  const where = [
    ...scoped(query.scope, tx.actor.id, tx.now),
    ...filtered(query.filters),
    ...after(query.cursor),
  ];
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT s.id::text, s.custodian, s.study_instance_uid, s.patient_id::text, s.studied_at, s.study_date, s.modalities, s.body_parts,
      s.description, s.accession_number, s.is_outside, s.confirmed_source, s.confirmed_count,
      p.family, p.given, p.birth_date, p.sex, p.nhs_number, p.local_number, p.name_differs,
      v.status AS report_status,
      EXISTS (SELECT 1 FROM imaging_request i WHERE i.custodian = s.custodian AND i.accession_number = s.accession_number
        AND i.patient_id = s.patient_id AND (s.accession_issuer IS NULL OR i.issuer = s.accession_issuer)) AS has_request,
      (SELECT json_agg(json_build_object('instanceCount', e.instance_count, 'missingCount', e.missing_count,
        'expectedCount', e.expected_count, 'expectedSource', e.expected_source, 'isSettled', e.settled_at IS NOT NULL))
        FROM series e WHERE e.study_id = s.id) AS series
    FROM study s
    JOIN patient_record p ON p.id = s.patient_record_id
    LEFT JOIN LATERAL (
      SELECT rv.status FROM report r JOIN report_version rv ON rv.report_id = r.id
      WHERE r.custodian = s.custodian AND r.accession_number = s.accession_number AND r.patient_id = s.patient_id
        AND (s.accession_issuer IS NULL OR r.issuer = s.accession_issuer)
      ORDER BY rv.message_at DESC, rv.version DESC LIMIT 1) v ON true
    WHERE ${Prisma.join(where, " AND ")}
    ORDER BY s.studied_at DESC NULLS LAST, s.id DESC
    LIMIT ${query.limit}`;
  return rows.map(shape);
}

const STATUSES = ["preliminary", "final", "amended", "addendum", "cancelled"] as const;

const countOf = (series: NonNullable<Raw["series"]>[number]): SeriesCount => ({
  ...series,
  expectedCount: series.expectedCount ?? undefined,
  expectedSource: series.expectedSource ?? undefined,
});

function shape(row: Raw): WorklistRow {
  const confirmation =
    row.confirmed_source && row.confirmed_count !== null
      ? { source: row.confirmed_source, count: row.confirmed_count }
      : undefined;
  return {
    studyId: row.id,
    custodian: row.custodian,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    patient: {
      family: row.family,
      given: row.given,
      birthDate: row.birth_date?.toISOString().slice(0, 10),
      sex: row.sex ?? undefined,
      nhsNumber: row.nhs_number ?? undefined,
      localNumber: row.local_number,
      nameDiffers: row.name_differs,
    },
    studiedAt: row.studied_at?.toISOString(),
    studyDate: row.study_date?.toISOString().slice(0, 10),
    modalities: row.modalities,
    bodyParts: row.body_parts,
    description: row.description ?? undefined,
    accessionNumber: row.accession_number ?? undefined,
    isOutside: row.is_outside,
    reportState: reportStateOf(
      STATUSES.find((status) => status === row.report_status),
      row.has_request,
    ),
    completeness: completenessOfStudy((row.series ?? []).map(countOf), confirmation),
  };
}

/** The cursor of a live list: every transaction below it had ended when it was read. */
export async function readCursor(tx: Tx): Promise<string> {
  const [row] = await databaseOf(tx).$queryRaw<
    { xmin: string }[]
  >`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`;
  return row?.xmin ?? "0";
}

/** Whether anything that this actor's row-level security shows was changed by a transaction at or above the cursor. */
export async function hasChangedSince(tx: Tx, cursor: string): Promise<boolean> {
  const [row] = await databaseOf(tx).$queryRaw<{ changed: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM study WHERE changed_xid >= ${cursor}::bigint) AS changed`;
  return row?.changed ?? false;
}
