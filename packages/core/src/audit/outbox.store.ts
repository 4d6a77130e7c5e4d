import { databaseOf, type Tx } from "../kernel/tx.ts";

export type OutboxRow = { id: bigint; type: string; payload: unknown };

/** The oldest that wait; rows that another relay holds are passed over. */
export async function claimWaiting(tx: Tx, limit: number): Promise<OutboxRow[]> {
  return databaseOf(tx).$queryRaw<OutboxRow[]>`
    SELECT id, type, payload FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

export async function markRelayed(tx: Tx, ids: readonly bigint[]): Promise<void> {
  await databaseOf(tx).outbox.updateMany({ where: { id: { in: [...ids] } }, data: { relayedAt: tx.now } });
}
