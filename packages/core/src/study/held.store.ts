import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Which of these objects the custodian's archive holds, also those that are served under a UID of our own. */
export async function findHeld(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Set<string>> {
  const asked = [...sopInstanceUids];
  const rows = await databaseOf(tx).instance.findMany({
    where: {
      custodian,
      OR: [{ sopInstanceUid: { in: asked } }, { originalSopInstanceUid: { in: asked } }],
    },
    select: { sopInstanceUid: true, originalSopInstanceUid: true },
  });
  return new Set(
    rows.flatMap((row) => [row.sopInstanceUid, row.originalSopInstanceUid ?? row.sopInstanceUid]),
  );
}

/** How many objects the custodian's archive holds of a study. */
export async function countHeld(tx: Tx, custodian: string, studyInstanceUid: string): Promise<number> {
  const { _sum } = await databaseOf(tx).series.aggregate({
    where: { study: { custodian, studyInstanceUid } },
    _sum: { instanceCount: true },
  });
  return _sum.instanceCount ?? 0;
}
