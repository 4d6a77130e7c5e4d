import { Prisma } from "@weald/db";
import type { DicomJson } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

/** What keys masked UIDs and the names of share objects. Made with the region's tables; whoever reads them all needs no UID to know a site. */
export async function readShareSecret(tx: Tx): Promise<string> {
  const { secret } = await databaseOf(tx).shareSecret.findFirstOrThrow({ select: { secret: true } });
  return secret;
}

/** What is indexed of studies and their series, to be searched for what tells their site. */
export async function findIndexed(tx: Tx, studyIds: readonly string[]): Promise<Map<string, DicomJson[]>> {
  const rows = await databaseOf(tx).$queryRaw<{ id: string; indexed: DicomJson[] }[]>`
    SELECT s.id::text, s.attributes || coalesce((SELECT jsonb_agg(e.attributes) FROM series e WHERE e.study_id = s.id), '[]') AS indexed
    FROM study s WHERE s.id = ANY (${[...studyIds]}::uuid[])`;
  return new Map(rows.map(({ id, indexed }) => [id, indexed]));
}

export type PictureFacts = {
  id: string;
  seriesId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  numberOfFrames: number;
  header: DicomJson;
};

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];
/** Attributes by which it is judged whether text in the pixels may tell the site. */
const JUDGED = ["00080008", "00080016", "00080060", "00280301"];

/** Of each image of a study as much as says whether it may go out masked, in the order of series and images. */
export const findPictureFacts = (tx: Tx, studyId: string): Promise<PictureFacts[]> =>
  databaseOf(tx).$queryRaw<PictureFacts[]>`
    SELECT i.id::text, e.id::text AS "seriesId", e.series_instance_uid AS "seriesInstanceUid",
      i.sop_instance_uid AS "sopInstanceUid", i.number_of_frames AS "numberOfFrames",
      weald.pick(i.header, ${JUDGED}::text[]) AS header
    FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(SERIES)} AND ${isServedInstance(INSTANCE)}
    ORDER BY e.number NULLS LAST, e.series_instance_uid, i.instance_number NULLS LAST, i.id`;

/** UIDs of a study's series, or of the instances of one of them: a masked one is found among them. */
export async function findUidsIn(
  tx: Tx,
  of: { studyId: string; seriesInstanceUid: string | undefined },
): Promise<string[]> {
  const { studyId, seriesInstanceUid } = of;
  const rows = await databaseOf(tx).$queryRaw<{ uid: string }[]>`
    SELECT ${seriesInstanceUid === undefined ? Prisma.sql`DISTINCT e.series_instance_uid` : Prisma.sql`i.sop_instance_uid`} AS uid
    FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(SERIES)} AND ${isServedInstance(INSTANCE)}
      AND (${seriesInstanceUid ?? null}::text IS NULL OR e.series_instance_uid = ${seriesInstanceUid ?? null})`;
  return rows.map(({ uid }) => uid);
}
