import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";

const DAYS = 30;
/** So many of somebody's own rows are looked through: a page that is open writes more than one. */
const MOST_ROWS = 500;

const since = (tx: Tx) => new Date(tx.now.getTime() - DAYS * 86_400_000);

/** Of whom this actor last opened a page or a study, the latest first. */
export async function findOwnLatestPatients(
  tx: Tx,
  actions: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    SELECT patient_id::text AS id FROM (
      SELECT patient_id, at FROM audit_event
      WHERE actor_id = ${tx.actor.id} AND at >= ${since(tx)}::timestamptz AND outcome = 'success' AND patient_id IS NOT NULL
        AND action IN (${Prisma.join([...actions])})
      ORDER BY at DESC LIMIT ${MOST_ROWS}) looks
    GROUP BY patient_id ORDER BY max(at) DESC LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** When this actor last did this with a patient, before a time. */
export async function findOwnLastLook(
  tx: Tx,
  { action, patientId, before }: { action: string; patientId: string; before: Date },
): Promise<Date | undefined> {
  const row = await databaseOf(tx).auditEvent.findFirst({
    where: { action, patientId, actorId: tx.actor.id, outcome: "success", at: { lt: before } },
    select: { at: true },
    orderBy: { at: "desc" },
  });
  return row?.at;
}
