import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Rows again, until it is folded anew: for who is about to change an image of them, or to tie something to one. */
export async function unfoldSeries(tx: Tx, seriesIds: readonly string[]): Promise<void> {
  await databaseOf(tx).$queryRaw`SELECT weald.unfold_series(${[...seriesIds]}::uuid[])::text`;
}

/** The same of the series that hold these images of a study. */
export async function unfoldHolding(tx: Tx, studyId: string, instanceIds: readonly string[]): Promise<void> {
  await databaseOf(tx).$queryRaw`
    SELECT weald.unfold_series(ARRAY(SELECT DISTINCT e.id
      FROM series e CROSS JOIN LATERAL weald.instances_among(e.id, ${[...instanceIds]}::uuid[]) i
      WHERE e.study_id = ${studyId}::uuid))::text`;
}
