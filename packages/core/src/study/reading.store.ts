import { Prisma } from "@weald/db";
import type { Deviation, DicomJson, FrameLocator } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { SeriesCount } from "./completeness.ts";
import type { Overlay } from "./overlay.ts";
import {
  isServedInstance,
  isServedSeries,
  isServedStudy,
  servedSeriesRows,
  servedStudies,
} from "./served.store.ts";

export type StudyHead = {
  id: string;
  custodian: string;
  studyInstanceUid: string;
  patientRecordId: string;
  patientId: string;
  studiedAt: Date | undefined;
  studyDate: string | undefined;
  description: string | undefined;
  accessionNumber: string | undefined;
  accessionIssuer: string | undefined;
  site: string | undefined;
  isOutside: boolean;
  sourceName: string | undefined;
  confirmation: { source: string; count: number } | undefined;
  /** Rises with every correction. */
  servedVersion: number;
  modalities: string[];
  bodyParts: string[];
};

const headColumns = {
  id: true,
  custodian: true,
  studyInstanceUid: true,
  patientRecordId: true,
  patientId: true,
  studiedAt: true,
  studyDate: true,
  description: true,
  accessionNumber: true,
  accessionIssuer: true,
  site: true,
  isOutside: true,
  sourceName: true,
  confirmedSource: true,
  confirmedCount: true,
  servedVersion: true,
  modalities: true,
  bodyParts: true,
} as const;

/** As a reader finds it: what is rejected or withheld is not there. */
export const findStudy = (tx: Tx, studyId: string): Promise<StudyHead | undefined> =>
  findStudyWhere(tx, { id: studyId, ...servedStudies });

/** As who corrects it finds it: served or not. */
export const findHeldStudy = (tx: Tx, studyId: string): Promise<StudyHead | undefined> =>
  findStudyWhere(tx, { id: studyId });

async function findStudyWhere(
  tx: Tx,
  where: { id: string } & Partial<typeof servedStudies>,
): Promise<StudyHead | undefined> {
  const row = await databaseOf(tx).study.findFirst({ where, select: headColumns });
  if (!row) return undefined;
  const { confirmedSource, confirmedCount, ...rest } = row;
  return {
    ...rest,
    studiedAt: row.studiedAt ?? undefined,
    studyDate: row.studyDate?.toISOString().slice(0, 10),
    description: row.description ?? undefined,
    accessionNumber: row.accessionNumber ?? undefined,
    accessionIssuer: row.accessionIssuer ?? undefined,
    site: row.site ?? undefined,
    sourceName: row.sourceName ?? undefined,
    confirmation:
      confirmedSource && confirmedCount !== null
        ? { source: confirmedSource, count: confirmedCount }
        : undefined,
  };
}

/** YYYY-MM-DD of the newest study that the region holds on a patient. A date, and nothing else of it. */
export async function findNewestDate(tx: Tx, patientId: string): Promise<string | undefined> {
  const row = await databaseOf(tx).study.findFirst({
    where: { patientId, studyDate: { not: null }, ...servedStudies },
    select: { studyDate: true },
    orderBy: { studyDate: "desc" },
  });
  return row?.studyDate?.toISOString().slice(0, 10);
}

export type SeriesHead = SeriesCount & {
  id: string;
  seriesInstanceUid: string;
  modality: string;
  number: number | undefined;
  description: string | undefined;
  bodyPart: string | undefined;
  laterality: string | undefined;
  version: number;
};

export async function findSeriesOfStudy(tx: Tx, studyId: string): Promise<SeriesHead[]> {
  const rows = await databaseOf(tx).series.findMany({
    where: { studyId, ...servedSeriesRows },
    select: {
      id: true,
      seriesInstanceUid: true,
      modality: true,
      number: true,
      description: true,
      bodyPart: true,
      version: true,
      laterality: true,
      instanceCount: true,
      setAsideCount: true,
      missingCount: true,
      expectedCount: true,
      expectedSource: true,
      settledAt: true,
    },
    orderBy: [{ number: "asc" }, { seriesInstanceUid: "asc" }],
  });
  return rows.map(({ settledAt, ...row }) => ({
    ...row,
    number: row.number ?? undefined,
    description: row.description ?? undefined,
    bodyPart: row.bodyPart ?? undefined,
    laterality: row.laterality ?? undefined,
    expectedCount: row.expectedCount ?? undefined,
    expectedSource: row.expectedSource ?? undefined,
    isSettled: settledAt !== null,
  }));
}

export type SeriesPlace = { id: string; studyId: string; custodian: string; servedVersion: number };

export async function findSeries(tx: Tx, seriesId: string): Promise<SeriesPlace | undefined> {
  const row = await databaseOf(tx).series.findFirst({
    where: { id: seriesId, ...servedSeriesRows },
    select: { id: true, studyId: true, custodian: true, servedVersion: true },
  });
  return row ?? undefined;
}

export type StoredInstance = {
  id: string;
  objectKey: string;
  version: number;
  sopInstanceUid: string;
  sopClassUid: string;
  instanceNumber: number | undefined;
  slicePosition: number | undefined;
  numberOfFrames: number;
  sizeBytes: number;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  header: DicomJson;
  frames: FrameLocator[];
  deviations: Deviation[];
};

const columns = Prisma.sql`i.id::text, i.object_key AS "objectKey", i.version, i.sop_instance_uid AS "sopInstanceUid",
  i.sop_class_uid AS "sopClassUid", i.instance_number AS "instanceNumber", i.slice_position AS "slicePosition",
  i.number_of_frames AS "numberOfFrames", i.size_bytes AS "sizeBytes", i.transfer_syntax_uid AS "transferSyntaxUid", i.encoding,
  i.header, i.frames, i.deviations`;

type InstanceRow = Omit<StoredInstance, "sizeBytes" | "instanceNumber" | "slicePosition" | "encoding"> & {
  sizeBytes: bigint;
  instanceNumber: number | null;
  slicePosition: number | null;
  encoding: string;
};

const storedInstance = <T extends InstanceRow>(row: T) => ({
  ...row,
  instanceNumber: row.instanceNumber ?? undefined,
  slicePosition: row.slicePosition ?? undefined,
  sizeBytes: Number(row.sizeBytes),
  encoding: row.encoding === "deflate" ? ("deflate" as const) : ("plain" as const),
});

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];
const isServed = Prisma.sql`${isServedSeries(SERIES)} AND ${isServedInstance(INSTANCE)}`;

/** Whole rows of instances of one study, with the series they are in. */
export async function findInstancesOfStudy(
  tx: Tx,
  studyId: string,
  instanceIds: readonly string[],
): Promise<(StoredInstance & { seriesId: string })[]> {
  const rows = await databaseOf(tx).$queryRaw<(InstanceRow & { seriesId: string })[]>`
    SELECT ${columns}, e.id::text AS "seriesId"
    FROM study s JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_among(e.id, ${[...instanceIds]}::uuid[]) i
    WHERE s.id = ${studyId}::uuid AND ${isServedStudy(Prisma.raw("s"))} AND ${isServed}`;
  return rows.map(storedInstance);
}

/** By instance number, those without one last; the id makes the order total. */
const READING = Prisma.sql`i.instance_number NULLS LAST, i.id`;

/** The page's ids first: what a block says of each image is put together for those alone. */
export async function findInstances(
  tx: Tx,
  seriesId: string,
  page: { after: string | undefined; limit: number },
): Promise<StoredInstance[]> {
  const behind = page.after
    ? Prisma.sql`AND (coalesce(i.instance_number, 2147483647), i.id) > (SELECT coalesce(p.instance_number, 2147483647), p.id
        FROM weald.instances_among(${seriesId}::uuid, ARRAY[${page.after}::uuid]) p)`
    : Prisma.empty;
  const rows = await databaseOf(tx).$queryRaw<InstanceRow[]>`
    WITH page AS MATERIALIZED (SELECT array_agg(id) AS ids FROM (
      SELECT i.id FROM weald.instances_of(${seriesId}::uuid) i WHERE ${isServedInstance(INSTANCE)} ${behind}
      ORDER BY coalesce(i.instance_number, 2147483647), i.id LIMIT ${page.limit}) p)
    SELECT ${columns} FROM page CROSS JOIN LATERAL weald.instances_among(${seriesId}::uuid, page.ids) i
    ORDER BY ${READING}`;
  return rows.map(storedInstance);
}

async function isAmong(tx: Tx, series: Prisma.Sql, instanceId: string): Promise<boolean> {
  const found = await databaseOf(tx).$queryRaw<unknown[]>`
    SELECT 1 FROM series e CROSS JOIN LATERAL weald.instances_among(e.id, ARRAY[${instanceId}::uuid]) i
    WHERE ${series} AND ${isServedInstance(INSTANCE)}`;
  return found.length > 0;
}

/** Whether a page's place still stands: what was replaced between two pages has another id. */
export const isInSeries = (tx: Tx, seriesId: string, instanceId: string): Promise<boolean> =>
  isAmong(tx, Prisma.sql`e.id = ${seriesId}::uuid`, instanceId);

/** The same of a study's pages. */
export const isInStudy = (tx: Tx, studyId: string, instanceId: string): Promise<boolean> =>
  isAmong(tx, Prisma.sql`e.study_id = ${studyId}::uuid AND ${isServedSeries(SERIES)}`, instanceId);

/** The newest overlay of each target of a study. */
export const findOverlays = async (tx: Tx, studyId: string): Promise<Overlay[]> =>
  (await findOverlaysOfStudies(tx, [studyId])).get(studyId) ?? [];

export async function findOverlaysOfStudies(
  tx: Tx,
  studyIds: readonly string[],
): Promise<Map<string, Overlay[]>> {
  const rows = await databaseOf(tx).overlay.findMany({
    where: { studyId: { in: [...studyIds] } },
    select: {
      studyId: true,
      level: true,
      targetId: true,
      version: true,
      attributes: true,
      reason: true,
      writtenAt: true,
    },
    orderBy: { version: "asc" },
  });
  const newest = new Map<string, Map<string, Overlay>>();
  for (const { studyId, ...row } of rows) {
    const level = row.level === "study" || row.level === "series" ? row.level : "instance";
    const ofStudy = newest.get(studyId) ?? new Map<string, Overlay>();
    newest.set(
      studyId,
      ofStudy.set(row.targetId, { ...row, level, attributes: row.attributes as DicomJson }),
    );
  }
  return new Map([...newest].map(([studyId, overlays]) => [studyId, [...overlays.values()]]));
}

/** Object keys by instance id, only of this study: a URL can be made for nothing else. */
export async function findObjectKeys(
  tx: Tx,
  studyId: string,
  instanceIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await databaseOf(tx).$queryRaw<{ id: string; objectKey: string }[]>`
    SELECT i.id::text, i.object_key AS "objectKey"
    FROM study s JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_among(e.id, ${[...instanceIds]}::uuid[]) i
    WHERE s.id = ${studyId}::uuid AND ${isServedStudy(Prisma.raw("s"))} AND ${isServed}`;
  return new Map(rows.map((row) => [row.id, row.objectKey]));
}
