import { limitOf, Prisma } from "@weald/db";
import * as Access from "../access/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { SeriesCount } from "./completeness.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";

const [s, e, i] = [Prisma.raw("s"), Prisma.raw("e"), Prisma.raw("i")];

/** `drawn`, `not-drawn-yet`, or the code of why there is none. */
export type PictureState = string;

export type SeriesOfPatient = SeriesCount & {
  id: string;
  seriesInstanceUid: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  version: number;
  picture: PictureState;
};

export type HeldStudy = {
  studyId: string;
  custodian: string;
  studyInstanceUid: string;
  patientId: string;
  studiedAt: string | undefined;
  studyDate: string | undefined;
  receivedAt: string;
  description: string | undefined;
  accessionNumber: string | undefined;
  accessionIssuer: string | undefined;
  site: string | undefined;
  isOutside: boolean;
  sourceName: string | undefined;
  modalities: string[];
  bodyParts: string[];
  confirmation: { source: string; count: number } | undefined;
  /** Rises with every correction. */
  servedVersion: number;
  series: SeriesOfPatient[];
};

type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] };
type RawSeries = Nullable<SeriesOfPatient>;
type Raw = {
  id: string;
  custodian: string;
  study_instance_uid: string;
  patient_id: string;
  studied_at: Date | null;
  study_date: Date | null;
  received_at: Date;
  description: string | null;
  accession_number: string | null;
  accession_issuer: string | null;
  site: string | null;
  is_outside: boolean;
  source_name: string | null;
  modalities: string[];
  body_parts: string[];
  confirmed_source: string | null;
  confirmed_count: number | null;
  served_version: number;
  series: RawSeries[] | null;
};

/** A picture counts only while the image that it is of is served in that very series; all of a folded one's are. */
const pictureState = Prisma.sql`(
  SELECT CASE WHEN p.drawn_at IS NULL THEN NULL WHEN p.failed IS NOT NULL THEN p.failed WHEN e.folded_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM instance i WHERE i.id = p.instance_id AND i.series_id = e.id AND ${isServedInstance(i)}) THEN 'drawn' END
  FROM series_picture p WHERE p.series_id = e.id)`;

const seriesOf = Prisma.sql`(
  SELECT json_agg(json_build_object('id', e.id, 'seriesInstanceUid', e.series_instance_uid, 'modality', e.modality,
    'number', e.number, 'description', e.description, 'bodyPart', e.body_part, 'laterality', e.laterality, 'version', e.version,
    'instanceCount', e.instance_count, 'setAsideCount', e.set_aside_count, 'missingCount', e.missing_count,
    'expectedCount', e.expected_count, 'expectedSource', e.expected_source, 'isSettled', e.settled_at IS NOT NULL,
    'picture', coalesce(${pictureState}, 'not-drawn-yet')) ORDER BY e.number NULLS LAST, e.series_instance_uid)
  FROM series e WHERE e.study_id = s.id AND ${isServedSeries(e)})`;

const dateOf = (date: Date | null) => date?.toISOString().slice(0, 10);

const shapeSeries = (row: RawSeries): SeriesOfPatient => ({
  ...row,
  number: row.number ?? undefined,
  description: row.description ?? undefined,
  bodyPart: row.bodyPart ?? undefined,
  laterality: row.laterality ?? undefined,
  setAsideCount: row.setAsideCount ?? 0,
  expectedCount: row.expectedCount ?? undefined,
  expectedSource: row.expectedSource ?? undefined,
});

const shape = (row: Raw): HeldStudy => ({
  studyId: row.id,
  custodian: row.custodian,
  studyInstanceUid: row.study_instance_uid,
  patientId: row.patient_id,
  studiedAt: row.studied_at?.toISOString(),
  studyDate: dateOf(row.study_date),
  receivedAt: row.received_at.toISOString(),
  description: row.description ?? undefined,
  accessionNumber: row.accession_number ?? undefined,
  accessionIssuer: row.accession_issuer ?? undefined,
  site: row.site ?? undefined,
  isOutside: row.is_outside,
  sourceName: row.source_name ?? undefined,
  modalities: row.modalities,
  bodyParts: row.body_parts,
  confirmation:
    row.confirmed_source && row.confirmed_count !== null
      ? { source: row.confirmed_source, count: row.confirmed_count }
      : undefined,
  servedVersion: row.served_version,
  series: (row.series ?? []).map(shapeSeries),
});

/** What this actor's scope holds of these patients, the newest first, each with its series: one statement, however many. */
export async function findStudiesOfPatients(
  tx: Tx,
  scope: Access.ReadingScope,
  patientIds: readonly string[],
  limit: number,
): Promise<HeldStudy[]> {
  const where = [
    Prisma.sql`s.patient_id = ANY (${[...patientIds]}::uuid[])`,
    isServedStudy(s),
    ...Access.scopeConditions(tx, scope, s),
  ];
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT s.id::text, s.custodian, s.study_instance_uid, s.patient_id::text, s.studied_at, s.study_date, s.received_at, s.description,
      s.accession_number, s.accession_issuer, s.site, s.is_outside, s.source_name, s.modalities, s.body_parts,
      s.confirmed_source, s.confirmed_count, s.served_version, ${seriesOf} AS series
    FROM study s WHERE ${Prisma.join(where, " AND ")}
    ORDER BY s.studied_at DESC NULLS LAST, s.id DESC ${limitOf(limit)}`;
  return rows.map(shape);
}

/** Of these patients: of whom this actor's scope holds anything. */
export async function findPatientsInScope(
  tx: Tx,
  scope: Access.ReadingScope,
  patientIds: readonly string[],
): Promise<Set<string>> {
  const where = [
    Prisma.sql`s.patient_id = ANY (${[...patientIds]}::uuid[])`,
    isServedStudy(s),
    ...Access.scopeConditions(tx, scope, s),
  ];
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    SELECT DISTINCT s.patient_id::text AS id FROM study s WHERE ${Prisma.join(where, " AND ")}`;
  return new Set(rows.map(({ id }) => id));
}

/** The studies of this actor's scope under an accession number, the newest first. */
export async function findStudiesNumbered(
  tx: Tx,
  scope: Access.ReadingScope,
  accessionNumber: string,
  limit: number,
): Promise<{ studyId: string; patientId: string; custodian: string }[]> {
  const where = [
    Prisma.sql`s.accession_number = ${accessionNumber}`,
    isServedStudy(s),
    ...Access.scopeConditions(tx, scope, s),
  ];
  return databaseOf(tx).$queryRaw`
    SELECT s.id::text AS "studyId", s.patient_id::text AS "patientId", s.custodian FROM study s
    WHERE ${Prisma.join(where, " AND ")} ORDER BY s.studied_at DESC NULLS LAST, s.id DESC ${limitOf(limit)}`;
}

/** Where the pictures of these series lie, of what this actor's scope holds of this patient alone. */
export async function findPictureKeys(
  tx: Tx,
  scope: Access.ReadingScope,
  patientId: string,
  seriesIds: readonly string[],
): Promise<Map<string, string>> {
  const where = [
    Prisma.sql`s.patient_id = ${patientId}::uuid AND e.id = ANY (${[...seriesIds]}::uuid[]) AND p.object_key IS NOT NULL`,
    isServedStudy(s),
    isServedSeries(e),
    isServedInstance(i),
    ...Access.scopeConditions(tx, scope, s),
  ];
  const rows = await databaseOf(tx).$queryRaw<{ id: string; key: string }[]>`
    SELECT e.id::text, p.object_key AS key FROM series e JOIN study s ON s.id = e.study_id
    JOIN series_picture p ON p.series_id = e.id CROSS JOIN LATERAL weald.instances_among(e.id, ARRAY[p.instance_id]) i
    WHERE ${Prisma.join(where, " AND ")}`;
  return new Map(rows.map(({ id, key }) => [id, key]));
}
