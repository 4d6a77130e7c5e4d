import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Due from now on. One that is given up is tried again: it has changed since. */
export async function writeDue(tx: Tx, seriesId: string): Promise<void> {
  await databaseOf(tx).$executeRaw`
    INSERT INTO series_packing (series_id, custodian, due_at)
    SELECT id, custodian, ${tx.now}::timestamptz FROM series WHERE id = ${seriesId}::uuid
    ON CONFLICT (series_id) DO UPDATE SET due_at = excluded.due_at, tries = 0, failed = NULL`;
}

/** `version`: that which is published, or 0. `dueAt`: one that is due again meanwhile has a later one. */
export type Claim = { seriesId: string; version: number; dueAt: Date; tries: number };

/**
 * The series that is due the longest, for this caller alone until the lease ends. One that came open again waits until it has settled.
 * Whoever is killed lets it go by that. A lease that ends later than two that begin now was taken while the clock was ahead, and is over.
 */
export async function claimDue(tx: Tx, leaseUntil: Date): Promise<Claim | undefined> {
  const ahead = new Date(2 * leaseUntil.getTime() - tx.now.getTime());
  const [row] = await databaseOf(tx).$queryRaw<Claim[]>`
    UPDATE series_packing SET lease_until = ${leaseUntil}::timestamptz, tries = tries + 1
    WHERE series_id = (
      SELECT p.series_id FROM series_packing p JOIN series e ON e.id = p.series_id AND e.settled_at IS NOT NULL
      WHERE p.due_at <= ${tx.now}::timestamptz AND (p.lease_until IS NULL
        OR p.lease_until <= ${tx.now}::timestamptz OR p.lease_until > ${ahead}::timestamptz)
      ORDER BY p.due_at, p.series_id LIMIT 1 FOR UPDATE OF p SKIP LOCKED)
    RETURNING series_id::text AS "seriesId", version, due_at AS "dueAt", tries`;
  return row;
}

/**
 * Compare and swap: the next version, if this one still stands. It is folded from `foldAt` on.
 *
 * @returns false where another's was published since
 */
export async function swapVersion(
  tx: Tx,
  { seriesId, version, dueAt }: Claim,
  foldAt: Date,
): Promise<boolean> {
  const swapped = await databaseOf(tx).$executeRaw`
    UPDATE series_packing SET version = version + 1, lease_until = NULL, tries = 0, failed = NULL,
      fold_at = ${foldAt}::timestamptz, not_folded = NULL,
      due_at = CASE WHEN due_at > ${dueAt}::timestamptz THEN due_at END
    WHERE series_id = ${seriesId}::uuid AND version = ${version}`;
  return swapped === 1;
}

/** What could not be packed is due again later, or given up with a code. What changed meanwhile keeps its own time. */
export async function putOff(
  tx: Tx,
  { seriesId, version, dueAt }: Claim,
  to: { again: Date } | { failed: string },
): Promise<void> {
  const [again, failed] = "again" in to ? [to.again, null] : [null, to.failed];
  await databaseOf(tx).$executeRaw`
    UPDATE series_packing SET lease_until = NULL,
      failed = CASE WHEN due_at > ${dueAt}::timestamptz THEN NULL ELSE ${failed}::text END,
      due_at = CASE WHEN due_at > ${dueAt}::timestamptz THEN due_at ELSE ${again}::timestamptz END
    WHERE series_id = ${seriesId}::uuid AND version = ${version}`;
}

/** Nothing of it is served just now, or it was settled anew: it is not due any more until it is told of again. */
export async function letGo(tx: Tx, { seriesId, dueAt }: Claim): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE series_packing SET lease_until = NULL, tries = 0,
      due_at = CASE WHEN due_at > ${dueAt}::timestamptz THEN due_at END
    WHERE series_id = ${seriesId}::uuid`;
}

/** The series that is to be folded the longest, and whether another waits behind it. */
export async function findToFold(tx: Tx): Promise<{ seriesId: string; isMore: boolean } | undefined> {
  const [first, next] = await databaseOf(tx).$queryRaw<{ seriesId: string }[]>`
    SELECT series_id::text AS "seriesId" FROM series_packing WHERE fold_at <= ${tx.now}::timestamptz
    ORDER BY fold_at, series_id LIMIT 2`;
  return first && { ...first, isMore: next !== undefined };
}

/** Folded, put off until `foldAt`, or left as rows for a reason until it is packed anew. */
export async function noteFolded(
  tx: Tx,
  seriesId: string,
  { foldAt, why }: { foldAt: Date | undefined; why: string | undefined },
): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE series_packing SET fold_at = ${foldAt ?? null}::timestamptz, not_folded = ${why ?? null}::text
    WHERE series_id = ${seriesId}::uuid`;
}
