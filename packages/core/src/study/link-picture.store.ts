import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];

export type DrawnPicture = { seriesId: string; instanceId: string; objectKey: string; frameNumber: number };

/** Small pictures of a study's series, and of which image and frame each is. */
export const findPicturesOfStudy = (
  tx: Tx,
  studyId: string,
  seriesIds: readonly string[],
): Promise<DrawnPicture[]> =>
  databaseOf(tx).$queryRaw<DrawnPicture[]>`
    SELECT e.id::text AS "seriesId", i.id::text AS "instanceId", p.object_key AS "objectKey", i.number_of_frames / 2 + 1 AS "frameNumber"
    FROM series_picture p JOIN series e ON e.id = p.series_id
    CROSS JOIN LATERAL weald.instances_among(e.id, ARRAY[p.instance_id]) i
    WHERE e.study_id = ${studyId}::uuid AND e.id = ANY (${[...seriesIds]}::uuid[]) AND p.object_key IS NOT NULL
      AND ${isServedSeries(SERIES)} AND ${isServedInstance(INSTANCE)}`;
