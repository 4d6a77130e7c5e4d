import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Ids of the records that a custodian issued, in order of id. */
export async function findRecordIdsOf(
  tx: Tx,
  custodian: string,
  page: { after: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { custodian, ...(page.after ? { id: { gt: page.after } } : {}) },
    select: { id: true },
    orderBy: { id: "asc" },
    take: page.limit,
  });
  return rows.map(({ id }) => id);
}
