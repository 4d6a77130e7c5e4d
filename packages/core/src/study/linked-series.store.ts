import { Prisma } from "@weald/db";
import { DEFLATED, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries } from "./served.store.ts";

const [SERIES, INSTANCE] = [Prisma.raw("e"), Prisma.raw("i")];
const UNCOMPRESSED = [IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED];
const GREY = ["MONOCHROME1", "MONOCHROME2"];

/** `isPlain`: uncompressed, and grey by its first picture. `sizeBytes`: of its files as they are stored. */
export type LinkedFacts = { isPlain: boolean; sizeBytes: number };

/** What is known of a study's series without reading each header. `only`: of these images. */
export async function findLinkedFacts(
  tx: Tx,
  studyId: string,
  only: readonly string[] | undefined,
): Promise<Map<string, LinkedFacts>> {
  const shown = only ? Prisma.sql`i.id = ANY (${[...only]}::uuid[])` : Prisma.sql`true`;
  const ofSeries = Prisma.sql`i.number_of_frames > 0 AND ${isServedInstance(INSTANCE)} AND ${shown}`;
  const rows = await databaseOf(tx).$queryRaw<({ id: string } & LinkedFacts)[]>`
    SELECT e.id::text, a.size AS "sizeBytes", coalesce(a.uncompressed AND f.photometric = ANY (${GREY}), false) AS "isPlain"
    FROM series e
    CROSS JOIN LATERAL (SELECT coalesce(sum(i.size_bytes), 0)::float8 AS size, bool_and(i.transfer_syntax_uid = ANY (${UNCOMPRESSED})) AS uncompressed
      FROM weald.instances_of(e.id) i WHERE ${ofSeries}) a
    LEFT JOIN LATERAL (SELECT i.header->'00280004'->'Value'->>0 AS photometric FROM weald.instances_of(e.id) i
      WHERE ${ofSeries} ORDER BY i.instance_number NULLS LAST, i.id LIMIT 1) f ON true
    WHERE e.study_id = ${studyId}::uuid AND ${isServedSeries(SERIES)}`;
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
