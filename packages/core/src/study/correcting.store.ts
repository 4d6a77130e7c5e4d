import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { markPicturesDue } from "./picture.store.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";
import { unfoldHolding } from "./unfold.store.ts";

export const LEVELS = ["study", "series", "instance"] as const;
export type Level = (typeof LEVELS)[number];

/** What a correction speaks of: all of a study, or some of its series or instances. */
export type Target = { studyId: string; level: Level; ids: readonly string[] };

/** One served instance, as a rejection note refers to it. */
export type Reference = {
  instanceId: string;
  seriesId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
};

const [e, i] = [Prisma.raw("e"), Prisma.raw("i")];

function within({ level, ids }: Target): Prisma.Sql {
  if (level === "study") return Prisma.sql`true`;
  return level === "series"
    ? Prisma.sql`e.id = ANY (${[...ids]}::uuid[])`
    : Prisma.sql`i.id = ANY (${[...ids]}::uuid[])`;
}

/** The instances of a target that are served now. */
export async function findReferences(tx: Tx, target: Target): Promise<Reference[]> {
  return databaseOf(tx).$queryRaw<Reference[]>`
    SELECT i.id::text AS "instanceId", e.id::text AS "seriesId", e.series_instance_uid AS "seriesInstanceUid",
      i.sop_instance_uid AS "sopInstanceUid", i.sop_class_uid AS "sopClassUid"
    FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
    WHERE e.study_id = ${target.studyId}::uuid AND ${within(target)} AND ${isServedSeries(e)} AND ${isServedInstance(i)}
      AND EXISTS (SELECT 1 FROM study s WHERE s.id = e.study_id AND s.rejected_at IS NULL)
    ORDER BY e.series_instance_uid, i.instance_number NULLS LAST, i.sop_instance_uid`;
}

export async function countServed(tx: Tx, studyId: string): Promise<number> {
  const [row] = await databaseOf(tx).$queryRaw<{ count: number }[]>`
    SELECT coalesce(sum(e.instance_count), 0)::int AS count FROM series e WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(e)}`;
  return row?.count ?? 0;
}

/** A random first part of the study's keys, and what a new study made of it says. */
export async function findStorage(tx: Tx, studyId: string): Promise<string> {
  const row = await databaseOf(tx).study.findUniqueOrThrow({
    where: { id: studyId },
    select: { storageId: true },
  });
  return row.storageId;
}

const idsOf = ({ studyId, level, ids }: Target) => ({ id: { in: level === "study" ? [studyId] : [...ids] } });

/** Rejects, or with `null` takes back; exactly these rows. */
export async function setRejected(tx: Tx, target: Target, rejectedAt: Date | null): Promise<void> {
  const db = databaseOf(tx);
  const change = { where: idsOf(target), data: { rejectedAt } };
  if (target.level === "study") await db.study.updateMany(change);
  else if (target.level === "series") await db.series.updateMany(change);
  else {
    await unfoldHolding(tx, target.studyId, target.ids);
    await db.instance.updateMany(change);
  }
}

export async function setWithheld(tx: Tx, studyId: string, withheldAt: Date | null): Promise<void> {
  await databaseOf(tx).study.update({ where: { id: studyId }, data: { withheldAt }, select: { id: true } });
}

/** Whoever shows these studies is told that they were corrected, when, and in what way. */
export async function noteCorrected(tx: Tx, studyIds: readonly string[], how: string): Promise<void> {
  await databaseOf(tx).study.updateMany({
    where: { id: { in: [...studyIds] } },
    data: { servedVersion: { increment: 1 }, correctedAt: tx.now, correctedHow: how },
  });
}

export type Owner = { patientRecordId: string; patientId: string };

/** The study is this record's from now on. The one under which its images came is remembered, and forgotten when it is back. */
export async function assignStudy(tx: Tx, studyId: string, owner: Owner): Promise<void> {
  const { patientRecordId, patientId } = owner;
  await databaseOf(tx).$executeRaw`
    UPDATE study SET patient_record_id = ${patientRecordId}::uuid, patient_id = ${patientId}::uuid,
      original_record_id = nullif(coalesce(original_record_id, patient_record_id), ${patientRecordId}::uuid)
    WHERE id = ${studyId}::uuid`;
}

export async function findStudiesOfRecord(tx: Tx, patientRecordId: string): Promise<string[]> {
  const rows = await databaseOf(tx).study.findMany({ where: { patientRecordId }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Studies that came since under a number that was merged into another. */
export async function findStudiesNamed(
  tx: Tx,
  { record, named, since }: { record: string; named: string; since: Date },
): Promise<string[]> {
  const rows = await databaseOf(tx).study.findMany({
    where: { patientRecordId: record, originalRecordId: named, receivedAt: { gte: since } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Series into another study of the same trust; where they came is remembered until they are back. */
export async function moveSeriesTo(tx: Tx, seriesIds: readonly string[], studyId: string): Promise<void> {
  const db = databaseOf(tx);
  const ids = [...seriesIds];
  await db.$executeRaw`
    UPDATE series SET study_id = ${studyId}::uuid,
      original_study_id = nullif(coalesce(original_study_id, study_id), ${studyId}::uuid)
    WHERE id = ANY (${ids}::uuid[])`;
  await db.$executeRaw`
    UPDATE overlay SET study_id = ${studyId}::uuid
    WHERE target_id = ANY (${ids}::uuid[]) OR target_id IN (SELECT id FROM instance WHERE series_id = ANY (${ids}::uuid[]))`;
}

/**
 * Instances into another series of the same trust; where they came is remembered until they are back. Their series is unfolded
 * before.
 */
export async function moveInstancesTo(
  tx: Tx,
  instanceIds: readonly string[],
  seriesId: string,
): Promise<void> {
  const db = databaseOf(tx);
  const ids = [...instanceIds];
  const moved = await db.$executeRaw`
    UPDATE instance SET series_id = ${seriesId}::uuid,
      version = version + 1 + (SELECT e.served_version FROM series e WHERE e.id = instance.series_id),
      original_series_id = nullif(coalesce(original_series_id, series_id), ${seriesId}::uuid)
    WHERE id = ANY (${ids}::uuid[])`;
  if (moved !== ids.length) throw new Error("what is to be moved is not there");
  await db.$executeRaw`
    UPDATE overlay SET study_id = (SELECT study_id FROM series WHERE id = ${seriesId}::uuid) WHERE target_id = ANY (${ids}::uuid[])`;
}

export type SeriesSays = {
  id: string;
  seriesInstanceUid: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  frameOfReferenceUid: string | undefined;
};

export async function readSeriesRow(tx: Tx, seriesId: string): Promise<SeriesSays> {
  const row = await databaseOf(tx).series.findUniqueOrThrow({
    where: { id: seriesId },
    select: {
      id: true,
      seriesInstanceUid: true,
      modality: true,
      number: true,
      description: true,
      bodyPart: true,
      laterality: true,
      frameOfReferenceUid: true,
    },
  });
  return {
    ...row,
    number: row.number ?? undefined,
    description: row.description ?? undefined,
    bodyPart: row.bodyPart ?? undefined,
    laterality: row.laterality ?? undefined,
    frameOfReferenceUid: row.frameOfReferenceUid ?? undefined,
  };
}

/** A series that holds only notes: kept, and served by no door. It never counts as images of its study. */
export async function setAsideSeries(tx: Tx, seriesId: string): Promise<void> {
  await databaseOf(tx).series.update({
    where: { id: seriesId },
    data: { rejectedAt: tx.now, settledAt: tx.now },
    select: { id: true },
  });
}

/** A series that a correction made holds all that it will hold: nothing of it is arriving. */
export async function settleAtOnce(tx: Tx, seriesIds: readonly string[]): Promise<void> {
  await databaseOf(tx).series.updateMany({
    where: { id: { in: [...seriesIds] } },
    data: { settledAt: tx.now },
  });
  await markPicturesDue(tx, seriesIds);
}

export type Currency = {
  isCurrent: boolean;
  /** When and in what way it was corrected last; nothing else of it. */
  correctedAt: string | undefined;
  how: string | undefined;
};

/** Whether what a reader opened is still what is served. Says nothing of whom the study is. */
export async function readCurrency(tx: Tx, studyId: string, servedVersion: number): Promise<Currency> {
  const row = await databaseOf(tx).study.findUnique({
    where: { id: studyId },
    select: {
      servedVersion: true,
      correctedAt: true,
      correctedHow: true,
      rejectedAt: true,
      withheldAt: true,
    },
  });
  const isServed = row !== null && !row.rejectedAt && !row.withheldAt;
  return {
    isCurrent: isServed && row.servedVersion === servedVersion,
    correctedAt: row?.correctedAt?.toISOString(),
    how: row?.correctedHow ?? undefined,
  };
}
