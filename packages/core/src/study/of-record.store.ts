import { databaseOf, type Tx } from "../kernel/tx.ts";

/** What is taken out is read whole, also what nobody is shown: a copy that leaves something out is no copy. */
const columns = {
  id: true,
  studyInstanceUid: true,
  patientRecordId: true,
  patientId: true,
  studiedAt: true,
  description: true,
  accessionNumber: true,
  accessionIssuer: true,
  referrer: true,
  modalities: true,
  isOutside: true,
  sourceName: true,
  rejectedAt: true,
  withheldAt: true,
} as const;

/** A custodian's studies of one record. */
export async function findStudiesToTake(tx: Tx, custodian: string, patientRecordId: string) {
  return databaseOf(tx).study.findMany({
    where: { custodian, patientRecordId },
    select: columns,
    orderBy: { id: "asc" },
  });
}
export type StudyToTake = Awaited<ReturnType<typeof findStudiesToTake>>[number];

/** Records of other trusts under which a custodian holds studies (outside images of somebody whom it doesn't know). */
export async function findForeignRecordIds(
  tx: Tx,
  custodian: string,
  ownOf: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string[]> {
  const rows = await databaseOf(tx).study.findMany({
    where: { custodian, isOutside: true },
    select: { patientRecordId: true },
    distinct: ["patientRecordId"],
    orderBy: { patientRecordId: "asc" },
  });
  const ids = rows.map(({ patientRecordId }) => patientRecordId);
  const own = await ownOf(ids);
  return ids.filter((id) => !own.has(id));
}

export async function findSeriesToTake(tx: Tx, studyId: string) {
  return databaseOf(tx).series.findMany({
    where: { studyId },
    select: {
      id: true,
      seriesInstanceUid: true,
      modality: true,
      number: true,
      description: true,
      bodyPart: true,
    },
    orderBy: { id: "asc" },
  });
}

/** A page of a study's objects in order of id, so that pages don't shift. `isSetAside`: rejected, at any level but the study. */
export async function findInstancesToTake(
  tx: Tx,
  studyId: string,
  page: { after: string | undefined; limit: number },
) {
  const rows = await databaseOf(tx).instance.findMany({
    where: { series: { studyId }, ...(page.after ? { id: { gt: page.after } } : {}) },
    select: {
      id: true,
      seriesId: true,
      sopInstanceUid: true,
      sopClassUid: true,
      instanceNumber: true,
      transferSyntaxUid: true,
      objectKey: true,
      sizeBytes: true,
      sha256Stored: true,
      rejectedAt: true,
      series: { select: { seriesInstanceUid: true, rejectedAt: true } },
    },
    orderBy: { id: "asc" },
    take: page.limit,
  });
  return rows.map(({ series, sizeBytes, rejectedAt, ...row }) => ({
    ...row,
    seriesInstanceUid: series.seriesInstanceUid,
    isSetAside: rejectedAt !== null || series.rejectedAt !== null,
    sizeBytes: Number(sizeBytes),
  }));
}

/** The UIDs by which series and instances are known outside: ids mean nothing there. */
export async function findUidsOf(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { seriesInstanceUid: string; sopInstanceUid?: string }>> {
  const db = databaseOf(tx);
  const among = { id: { in: [...ids] } };
  const series = await db.series.findMany({ where: among, select: { id: true, seriesInstanceUid: true } });
  const instances = await db.instance.findMany({
    where: among,
    select: { id: true, sopInstanceUid: true, series: { select: { seriesInstanceUid: true } } },
  });
  return new Map([
    ...series.map(({ id, seriesInstanceUid }) => [id, { seriesInstanceUid }] as const),
    ...instances.map(
      ({ id, sopInstanceUid, series: { seriesInstanceUid } }) =>
        [id, { seriesInstanceUid, sopInstanceUid }] as const,
    ),
  ]);
}
