import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";

const [c, e, i, d] = [Prisma.raw("c"), Prisma.raw("e"), Prisma.raw("i"), Prisma.raw("d")];
const served = Prisma.sql`${isServedSeries(e)} AND ${isServedInstance(i)}`;

export type HeldCopy = { studyId: string; custodian: string };
/** How two copies of a study differ, in numbers of SOP Instance UIDs. Both 0: the sets are equal. */
export type SetDifference = { moreThere: number; moreHere: number };

/** What other trusts hold under this Study Instance UID for this patient. Whether the actor may know it is the caller's. */
export async function findCopies(tx: Tx, studyId: string): Promise<HeldCopy[]> {
  return databaseOf(tx).$queryRaw<HeldCopy[]>`
    SELECT c.id::text AS "studyId", c.custodian FROM study s
    JOIN study c ON c.study_instance_uid = s.study_instance_uid AND c.patient_id = s.patient_id AND c.custodian <> s.custodian
    WHERE s.id = ${studyId}::uuid AND ${isServedStudy(c)} ORDER BY c.custodian`;
}

export type StudyPair = { here: string; there: string };

/** Equal digests end it; only copies that differ are compared UID by UID. */
export async function compareSets(tx: Tx, pairs: readonly StudyPair[]): Promise<SetDifference[]> {
  if (pairs.length === 0) return [];
  const rows = await databaseOf(tx).$queryRaw<SetDifference[]>`
    WITH pair AS (
      SELECT p.at, p.here, p.there,
        (SELECT bit_xor(instance_digest) FROM series d WHERE study_id = p.here AND ${isServedSeries(d)})
          IS NOT DISTINCT FROM (SELECT bit_xor(instance_digest) FROM series d WHERE study_id = p.there AND ${isServedSeries(d)}) AS is_equal
      FROM unnest(${pairs.map(({ here }) => here)}::uuid[], ${pairs.map(({ there }) => there)}::uuid[])
        WITH ORDINALITY AS p(here, there, at))
    SELECT
      CASE WHEN is_equal THEN 0 ELSE (SELECT count(*)::int FROM (
        SELECT i.sop_instance_uid FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = pair.there AND ${served}
        EXCEPT SELECT i.sop_instance_uid FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = pair.here AND ${served}) there) END AS "moreThere",
      CASE WHEN is_equal THEN 0 ELSE (SELECT count(*)::int FROM (
        SELECT i.sop_instance_uid FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = pair.here AND ${served}
        EXCEPT SELECT i.sop_instance_uid FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = pair.there AND ${served}) here) END AS "moreHere"
    FROM pair ORDER BY at`;
  return rows.map(({ moreThere, moreHere }) => ({ moreThere, moreHere }));
}
