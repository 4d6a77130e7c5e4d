import { databaseOf, type Tx } from "../kernel/tx.ts";
import { missingBetween } from "./completeness.ts";

export type Confirming = { by: string; source: string; count: number };

export async function writeConfirmation(
  tx: Tx,
  studyId: string,
  { by, source, count }: Confirming,
): Promise<void> {
  await databaseOf(tx).study.update({
    where: { id: studyId },
    data: { confirmedBy: by, confirmedAt: tx.now, confirmedSource: source, confirmedCount: count },
    select: { id: true },
  });
}

export type OpenSeries = { id: string; studyId: string };

/** Series that have been quiet since `quietSince`, the longest quiet first; another settler's rows are passed over. */
export async function claimQuietSeries(tx: Tx, quietSince: Date, limit: number): Promise<OpenSeries[]> {
  return databaseOf(tx).$queryRaw<OpenSeries[]>`
    SELECT id::text, study_id::text AS "studyId" FROM series
    WHERE settled_at IS NULL AND last_arrived_at <= ${quietSince}::timestamptz
    ORDER BY last_arrived_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
}

/** The open series to which an upload brought something. */
export async function claimSeriesOf(tx: Tx, instanceIds: readonly string[]): Promise<OpenSeries[]> {
  if (instanceIds.length === 0) return [];
  return databaseOf(tx).$queryRaw<OpenSeries[]>`
    SELECT id::text, study_id::text AS "studyId" FROM series
    WHERE settled_at IS NULL AND id IN (SELECT series_id FROM instance WHERE id = ANY (${[...instanceIds]}::uuid[]))
    ORDER BY id FOR UPDATE`;
}

export async function markSettled(tx: Tx, series: OpenSeries): Promise<void> {
  const db = databaseOf(tx);
  const rows = await db.instance.findMany({
    where: { seriesId: series.id },
    select: { instanceNumber: true, slicePosition: true },
  });
  const missingCount = missingBetween(
    rows.map((row) => ({
      instanceNumber: row.instanceNumber ?? undefined,
      slicePosition: row.slicePosition ?? undefined,
    })),
  );
  await db.series.update({
    where: { id: series.id },
    data: { settledAt: tx.now, missingCount, instanceCount: rows.length },
    select: { id: true },
  });
}
