import type { Deviation, DicomJson, FrameLocator } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { SeriesCount } from "./completeness.ts";
import type { Overlay } from "./overlay.ts";
import { servedInstances, servedSeriesRows, servedStudies } from "./served.store.ts";

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

const instanceColumns = {
  id: true,
  objectKey: true,
  version: true,
  sopInstanceUid: true,
  sopClassUid: true,
  instanceNumber: true,
  slicePosition: true,
  numberOfFrames: true,
  sizeBytes: true,
  transferSyntaxUid: true,
  encoding: true,
  header: true,
  frames: true,
  deviations: true,
} as const;

type InstanceRow = {
  [K in keyof typeof instanceColumns]: K extends "sizeBytes"
    ? bigint
    : K extends "header" | "frames" | "deviations"
      ? unknown
      : K extends "instanceNumber" | "slicePosition"
        ? number | null
        : K extends "version" | "numberOfFrames"
          ? number
          : string;
};

const storedInstance = (row: InstanceRow): StoredInstance => ({
  ...row,
  instanceNumber: row.instanceNumber ?? undefined,
  slicePosition: row.slicePosition ?? undefined,
  sizeBytes: Number(row.sizeBytes),
  encoding: row.encoding === "deflate" ? "deflate" : "plain",
  header: row.header as DicomJson,
  frames: row.frames as FrameLocator[],
  deviations: row.deviations as Deviation[],
});

/** Whole rows of instances of one study, with the series they are in. */
export async function findInstancesOfStudy(
  tx: Tx,
  studyId: string,
  instanceIds: readonly string[],
): Promise<(StoredInstance & { seriesId: string })[]> {
  const rows = await databaseOf(tx).instance.findMany({
    where: {
      id: { in: [...instanceIds] },
      ...servedInstances,
      series: { studyId, ...servedSeriesRows, study: servedStudies },
    },
    select: { ...instanceColumns, seriesId: true },
  });
  return rows.map((row) => ({ ...storedInstance(row), seriesId: row.seriesId }));
}

export async function findInstances(
  tx: Tx,
  seriesId: string,
  page: { after: string | undefined; limit: number },
): Promise<StoredInstance[]> {
  const rows = await databaseOf(tx).instance.findMany({
    where: { seriesId, ...servedInstances },
    select: instanceColumns,
    // By instance number, those without one last; `id` makes the order total.
    orderBy: [{ instanceNumber: { sort: "asc", nulls: "last" } }, { id: "asc" }],
    ...(page.after ? { cursor: { id: page.after }, skip: 1 } : {}),
    take: page.limit,
  });
  return rows.map(storedInstance);
}

/** Whether a page's place still stands: what was replaced between two pages has another id. */
export async function isInSeries(tx: Tx, seriesId: string, instanceId: string): Promise<boolean> {
  const found = await databaseOf(tx).instance.findFirst({
    where: { id: instanceId, seriesId, ...servedInstances },
    select: { id: true },
  });
  return found !== null;
}

/** The same of a study's pages. */
export async function isInStudy(tx: Tx, studyId: string, instanceId: string): Promise<boolean> {
  const found = await databaseOf(tx).instance.findFirst({
    where: { id: instanceId, ...servedInstances, series: { studyId, ...servedSeriesRows } },
    select: { id: true },
  });
  return found !== null;
}

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
  const rows = await databaseOf(tx).instance.findMany({
    where: {
      id: { in: [...instanceIds] },
      ...servedInstances,
      series: { studyId, ...servedSeriesRows, study: servedStudies },
    },
    select: { id: true, objectKey: true },
  });
  return new Map(rows.map((row) => [row.id, row.objectKey]));
}
