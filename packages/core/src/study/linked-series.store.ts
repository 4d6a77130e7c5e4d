import { Prisma } from "@weald/db";
import { DEFLATED, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];
const UNCOMPRESSED = [IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED];
const GREY = ["MONOCHROME1", "MONOCHROME2"];

/**
 * Series of a study whose pictures are uncompressed, and grey by the first of them: a header is read of one alone. `only`: of these
 * images.
 */
export async function findPlainSeries(
  tx: Tx,
  studyId: string,
  only: readonly string[] | undefined,
): Promise<Set<string>> {
  const shown = only ? Prisma.sql`i.id = ANY (${[...only]}::uuid[])` : Prisma.sql`true`;
  const ofSeries = Prisma.sql`i.series_id = e.id AND i.number_of_frames > 0 AND ${isServedInstance(INSTANCE)} AND ${shown}`;
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    SELECT e.id::text FROM series e
    JOIN LATERAL (SELECT i.header->'00280004'->'Value'->>0 AS photometric FROM instance i
      WHERE ${ofSeries} ORDER BY i.instance_number NULLS LAST, i.id LIMIT 1) f ON f.photometric = ANY (${GREY})
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(SERIES)}
      AND NOT EXISTS (SELECT 1 FROM instance i WHERE ${ofSeries} AND i.transfer_syntax_uid <> ALL (${UNCOMPRESSED}))`;
  return new Set(rows.map(({ id }) => id));
}
