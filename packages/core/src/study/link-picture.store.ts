import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];

export type PictureOfSeries = {
  seriesId: string;
  /** Of which image and frame it is; `undefined`: there is none now. */
  drawn: { instanceId: string; objectKey: string; frameNumber: number } | undefined;
  /** It is to be drawn still, or drawn anew. */
  isDue: boolean;
};

type Raw = {
  seriesId: string;
  instanceId: string | null;
  objectKey: string | null;
  frameNumber: number | null;
  isDue: boolean;
};

const shape = ({ seriesId, instanceId, objectKey, frameNumber, isDue }: Raw): PictureOfSeries => ({
  seriesId,
  drawn: instanceId && objectKey && frameNumber ? { instanceId, objectKey, frameNumber } : undefined,
  isDue,
});

/** Small pictures of a study's series. One counts only while the image that it is of is served in that very series. */
export async function findPicturesOfStudy(
  tx: Tx,
  studyId: string,
  seriesIds: readonly string[],
): Promise<PictureOfSeries[]> {
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT e.id::text AS "seriesId", i.id::text AS "instanceId", p.object_key AS "objectKey", i.number_of_frames / 2 + 1 AS "frameNumber",
      p.series_id IS NULL OR p.due_at IS NOT NULL OR (p.failed IS NULL AND i.id IS NULL) AS "isDue"
    FROM series e LEFT JOIN series_picture p ON p.series_id = e.id
      LEFT JOIN LATERAL weald.instances_among(e.id, ARRAY[p.instance_id]) i ON ${isServedInstance(INSTANCE)}
    WHERE e.study_id = ${studyId}::uuid AND e.id = ANY (${[...seriesIds]}::uuid[]) AND ${isServedSeries(SERIES)}`;
  return rows.map(shape);
}
