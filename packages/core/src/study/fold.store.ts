import { databaseOf, type Tx } from "../kernel/tx.ts";
import { lockStudy } from "./study.store.ts";

/** Why a series keeps its instance rows. The first three are not for long; the rest as long as it is as it is (docs/packs.md). */
export type NotFolded =
  | ("open" | "not-packed" | "picture-due")
  | ("corrected" | "alternates" | "empty" | "large");

/**
 * Folds what is settled and packed of a series into blocks of its manifest. Its readers are told the same from then on.
 *
 * @returns `undefined`, or why it was left as it was
 */
export async function foldSeries(tx: Tx, seriesId: string): Promise<NotFolded | undefined> {
  const db = databaseOf(tx);
  const [home] = await db.$queryRaw<{ custodian: string; studyInstanceUid: string }[]>`
    SELECT s.custodian, s.study_instance_uid AS "studyInstanceUid" FROM series e JOIN study s ON s.id = e.study_id
    WHERE e.id = ${seriesId}::uuid`;
  if (!home) return "empty";
  await lockStudy(tx, home.custodian, home.studyInstanceUid);
  const [row] = await db.$queryRaw<
    { why: NotFolded | null }[]
  >`SELECT weald.fold_series(${seriesId}::uuid) AS why`;
  return row?.why ?? undefined;
}
