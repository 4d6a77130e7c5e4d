import { Prisma } from "@weald/db";
import * as Access from "../access/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedStudy } from "../study/index.ts";

const s = Prisma.raw("s");

/** Whose studies of a patient this actor's list leaves out though it may say that they are there, and how many. */
export async function findWithheld(
  tx: Tx,
  scope: Access.ReadingScope,
  patientId: string,
): Promise<{ custodian: string; studies: number }[]> {
  const where = [
    Prisma.sql`s.patient_id = ${patientId}::uuid`,
    isServedStudy(s),
    ...Access.sayable(tx, s),
    Prisma.sql`NOT (${Prisma.join(Access.scopeConditions(tx, scope, s), " AND ")})`,
  ];
  return databaseOf(tx).$queryRaw`
    SELECT s.custodian, count(*)::int AS studies FROM study s WHERE ${Prisma.join(where, " AND ")}
    GROUP BY s.custodian ORDER BY s.custodian`;
}
