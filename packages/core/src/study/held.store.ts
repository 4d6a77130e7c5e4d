import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Which of these objects the custodian's archive holds, also those that are served under a UID of our own. */
export async function findHeld(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Set<string>> {
  const asked = [...sopInstanceUids];
  const rows = await databaseOf(tx).$queryRaw<{ uid: string; original: string | null }[]>`
    SELECT i.sop_instance_uid AS uid, i.original_sop_instance_uid AS original FROM weald.instances_named(${custodian}, ${asked}::text[]) i
    UNION ALL
    SELECT i.sop_instance_uid, i.original_sop_instance_uid FROM instance i
    WHERE i.custodian = ${custodian} AND i.original_sop_instance_uid = ANY (${asked}::text[])`;
  return new Set(rows.flatMap(({ uid, original }) => [uid, original ?? uid]));
}

/**
 * How many objects of a study came to the custodian's archive: also those that a correction set aside, and series that it moved
 * to another study.
 */
export async function countHeld(tx: Tx, custodian: string, studyInstanceUid: string): Promise<number> {
  const db = databaseOf(tx);
  const study = await db.study.findFirst({ where: { custodian, studyInstanceUid }, select: { id: true } });
  if (!study) return 0;
  const { _sum } = await db.series.aggregate({
    where: { OR: [{ studyId: study.id, originalStudyId: null }, { originalStudyId: study.id }] },
    _sum: { instanceCount: true, setAsideCount: true },
  });
  return (_sum.instanceCount ?? 0) + (_sum.setAsideCount ?? 0);
}
