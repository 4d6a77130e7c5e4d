import { databaseOf, type Tx } from "../kernel/tx.ts";

/** That the person of a record died, or that it was said by mistake. */
export async function noteDeath(tx: Tx, recordId: string, diedAt: Date | null): Promise<void> {
  await databaseOf(tx).patientRecord.update({
    where: { id: recordId },
    data: { diedAt },
    select: { id: true },
  });
}

/** Whether any record of a patient says that they died. */
export async function hasDied(tx: Tx, patientId: string): Promise<boolean> {
  const found = await databaseOf(tx).patientRecord.findFirst({
    where: { patientId, diedAt: { not: null } },
    select: { id: true },
  });
  return found !== null;
}
