import { databaseOf, type Tx } from "../kernel/tx.ts";
import { missingBetween } from "./completeness.ts";
import { markPicturesDue } from "./picture.store.ts";

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

/**
 * Series that have been quiet since `quietSince`, the longest quiet first; another settler's rows are passed over. What came later
 * than now came while the clock was ahead: it isn't kept open until the clock is there again.
 */
export async function claimQuietSeries(tx: Tx, quietSince: Date, limit: number): Promise<OpenSeries[]> {
  const ahead = new Date(2 * tx.now.getTime() - quietSince.getTime());
  return databaseOf(tx).$queryRaw<OpenSeries[]>`
    SELECT id::text, study_id::text AS "studyId" FROM series
    WHERE settled_at IS NULL AND (last_arrived_at <= ${quietSince}::timestamptz OR last_arrived_at > ${ahead}::timestamptz)
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

type Placed = {
  series_id: string;
  /** Where it came: what a correction took out leaves no gap. */
  came_in: string;
  is_served: boolean;
  instance_number: number | null;
  slice_position: number | null;
};

export async function markSettled(tx: Tx, series: readonly OpenSeries[]): Promise<void> {
  const ids = series.map(({ id }) => id);
  const rows = await databaseOf(tx).$queryRaw<Placed[]>`
    SELECT series_id::text, coalesce(original_series_id, series_id)::text AS came_in, rejected_at IS NULL AS is_served,
      instance_number, slice_position
    FROM unnest(${ids}::uuid[]) AS e(id) CROSS JOIN LATERAL weald.instances_of(e.id) i
    UNION ALL
    SELECT series_id::text, original_series_id::text, rejected_at IS NULL, instance_number, slice_position
    FROM instance WHERE original_series_id = ANY (${ids}::uuid[]) AND NOT series_id = ANY (${ids}::uuid[])`;
  const placesOf = new Map<string, Parameters<typeof missingBetween>[0][number][]>(ids.map((id) => [id, []]));
  const found = new Map<string, number>();
  for (const { series_id, came_in, is_served, instance_number, slice_position } of rows) {
    placesOf.get(came_in)?.push({
      instanceNumber: instance_number ?? undefined,
      slicePosition: slice_position ?? undefined,
    });
    if (is_served) found.set(series_id, (found.get(series_id) ?? 0) + 1);
  }
  const counted = [...placesOf].map(([id, places]) => ({
    id,
    missing: missingBetween(places),
    found: found.get(id) ?? 0,
  }));
  await databaseOf(tx).$executeRaw`
    UPDATE series e SET settled_at = ${tx.now}::timestamptz, missing_count = r.missing, instance_count = r.found
    FROM jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) AS r(id uuid, missing int, found int) WHERE e.id = r.id`;
  await markPicturesDue(tx, ids);
}
