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

/** What is committed and not told yet, and since when. */
export async function countUntold(tx: Tx): Promise<{ count: number; oldest: Date | undefined }> {
  const { _count, _min } = await databaseOf(tx).outbox.aggregate({
    where: { relayedAt: null },
    _count: true,
    _min: { createdAt: true },
  });
  return { count: _count, oldest: _min.createdAt ?? undefined };
}
