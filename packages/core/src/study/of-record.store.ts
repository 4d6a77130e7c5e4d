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

export type InstanceToTake = {
  id: string;
  seriesId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  instanceNumber: number | null;
  transferSyntaxUid: string;
  objectKey: string;
  sizeBytes: number;
  sha256Stored: string;
  isSetAside: boolean;
};

/** A page of a study's objects in order of id, so that pages don't shift. `isSetAside`: rejected, at any level but the study. */
export async function findInstancesToTake(
  tx: Tx,
  studyId: string,
  page: { after: string | undefined; limit: number },
): Promise<InstanceToTake[]> {
  const rows = await databaseOf(tx).$queryRaw<(Omit<InstanceToTake, "sizeBytes"> & { sizeBytes: bigint })[]>`
    SELECT i.id::text, e.id::text AS "seriesId", e.series_instance_uid AS "seriesInstanceUid", i.sop_instance_uid AS "sopInstanceUid",
      i.sop_class_uid AS "sopClassUid", i.instance_number AS "instanceNumber", i.transfer_syntax_uid AS "transferSyntaxUid",
      i.object_key AS "objectKey", i.size_bytes AS "sizeBytes", i.sha256_stored AS "sha256Stored",
      (i.rejected_at IS NOT NULL OR e.rejected_at IS NOT NULL) AS "isSetAside"
    FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
    WHERE e.study_id = ${studyId}::uuid AND (${page.after ?? null}::uuid IS NULL OR i.id > ${page.after ?? null}::uuid)
    ORDER BY i.id LIMIT ${page.limit}`;
  return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }));
}

/** The UIDs by which series and corrected instances are known outside: ids mean nothing there. What is corrected isn't folded. */
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
