import { databaseOf, type Tx } from "../kernel/tx.ts";

/** What came in one hour: objects that were taken in, and the studies that they belong to. */
export type ArrivalHour = { hour: Date; instances: number; studies: number; sizeBytes: number };
type Span = { from: Date; until: Date };

type Row = Omit<ArrivalHour, "sizeBytes"> & { sizeBytes: bigint };

/** Objects of a trust that were taken in within a span, by the hour; hours in which nothing came have no row. */
export async function sumArrivals(tx: Tx, custodian: string, { from, until }: Span): Promise<ArrivalHour[]> {
  const rows = await databaseOf(tx).$queryRaw<Row[]>`
    SELECT date_trunc('hour', settled_at) AS hour, count(*)::int AS instances, count(DISTINCT study_id)::int AS studies,
      sum(size_bytes)::bigint AS "sizeBytes"
    FROM inbox_item
    WHERE custodian = ${custodian} AND settled_at >= ${from}::timestamptz AND settled_at < ${until}::timestamptz
      AND kind = 'dicom' AND outcome IN ('accepted', 'alternate')
    GROUP BY 1 ORDER BY 1`;
  return rows.map((row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }));
}

/** When the first object of a trust was settled at or after `from`. */
export async function firstSettledSince(tx: Tx, custodian: string, from: Date): Promise<Date | undefined> {
  const row = await databaseOf(tx).inboxItem.findFirst({
    where: { custodian, settledAt: { gte: from } },
    select: { settledAt: true },
    orderBy: { settledAt: "asc" },
  });
  return row?.settledAt ?? undefined;
}

export type Delay = { counted: number; medianSeconds: number | undefined; p95Seconds: number | undefined };

/**
 * From the sender's announcement of an object to its being in the lists. What a person had to look at first is left out: it
 * waited for them, not for Weald.
 */
export async function readDelay(tx: Tx, custodian: string, from: Date): Promise<Delay> {
  const [row] = await databaseOf(tx).$queryRaw<
    { counted: number; median: number | null; p95: number | null }[]
  >`
    SELECT count(*)::int AS counted, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::float AS median,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)::float AS p95
    FROM (
      SELECT extract(epoch FROM i.settled_at - i.created_at) AS seconds FROM inbox_item i
      WHERE i.custodian = ${custodian} AND i.settled_at >= ${from}::timestamptz AND i.kind = 'dicom'
        AND i.outcome IN ('accepted', 'alternate')
        AND NOT EXISTS (SELECT 1 FROM quarantine_item q WHERE q.inbox_item_id = i.id)) taken`;
  return {
    counted: row?.counted ?? 0,
    medianSeconds: row?.median ?? undefined,
    p95Seconds: row?.p95 ?? undefined,
  };
}

export type Waiting = { count: number; oldest: Date | undefined };

/** What a sender announced before `before`, and what neither came in nor was put aside. */
export async function countNotArrived(tx: Tx, custodian: string, before: Date): Promise<Waiting> {
  const { _count, _min } = await databaseOf(tx).inboxItem.aggregate({
    where: { custodian, settledAt: null, createdAt: { lt: before } },
    _count: true,
    _min: { createdAt: true },
  });
  return { count: _count, oldest: _min.createdAt ?? undefined };
}

/** What waits in a trust's quarantine for a person. */
export async function sumQuarantine(tx: Tx, custodian: string): Promise<Waiting & { sizeBytes: number }> {
  const { _count, _min, _sum } = await databaseOf(tx).quarantineItem.aggregate({
    where: { custodian, state: "waiting" },
    _count: true,
    _min: { createdAt: true },
    _sum: { sizeBytes: true },
  });
  return { count: _count, oldest: _min.createdAt ?? undefined, sizeBytes: Number(_sum.sizeBytes ?? 0) };
}
