import { randomUUID } from "node:crypto";
import { databaseOf, type Tx } from "../kernel/tx.ts";

export const STEP_STATES = ["in-progress", "completed", "discontinued"] as const;
export type StepState = (typeof STEP_STATES)[number];

export type SaidOfStep = {
  custodian: string;
  sopInstanceUid: string;
  state: StepState;
  studyInstanceUid: string | undefined;
  accessionNumber: string | undefined;
  modality: string | undefined;
  series: readonly { seriesInstanceUid: string; objectCount: number }[];
};

/** What is said goes over what was said; what isn't said stays. One that has ended is not written any more. */
export async function writeStep(tx: Tx, said: SaidOfStep): Promise<"written" | "ended-before"> {
  const db = databaseOf(tx);
  const { custodian, sopInstanceUid, state, studyInstanceUid, accessionNumber, modality } = said;
  const [step] = await db.$queryRaw<{ id: string; state: string }[]>`
    INSERT INTO performed_step AS p
      (id, custodian, sop_instance_uid, state, study_instance_uid, accession_number, modality, began_at, ended_at)
    VALUES (${randomUUID()}::uuid, ${custodian}, ${sopInstanceUid}, ${state}, ${studyInstanceUid ?? null},
      ${accessionNumber ?? null}, ${modality ?? null}, ${tx.now}::timestamptz,
      CASE WHEN ${state} = 'in-progress' THEN NULL ELSE ${tx.now}::timestamptz END)
    ON CONFLICT (custodian, sop_instance_uid) DO UPDATE SET
      state = CASE WHEN p.ended_at IS NULL THEN excluded.state ELSE p.state END,
      study_instance_uid = coalesce(p.study_instance_uid, excluded.study_instance_uid),
      accession_number = coalesce(p.accession_number, excluded.accession_number),
      modality = coalesce(p.modality, excluded.modality),
      ended_at = coalesce(p.ended_at, excluded.ended_at)
    RETURNING id::text, state`;
  if (!step || step.state !== state) return "ended-before";
  await db.$executeRaw`
    INSERT INTO performed_series (step_id, custodian, series_instance_uid, object_count)
    SELECT ${step.id}::uuid, ${custodian}, r.uid, r.objects
    FROM jsonb_to_recordset(${JSON.stringify(said.series.map((one) => ({ uid: one.seriesInstanceUid, objects: one.objectCount })))}::jsonb)
      AS r(uid text, objects int)
    ON CONFLICT (step_id, series_instance_uid) DO UPDATE SET object_count = excluded.object_count`;
  return "written";
}

/** The series of this trust with these UIDs. */
export async function findSeriesNamed(tx: Tx, custodian: string, uids: readonly string[]): Promise<string[]> {
  const rows = await databaseOf(tx).series.findMany({
    where: { custodian, seriesInstanceUid: { in: [...uids] } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * The modality's count for the series of every completed step that these series are part of. Too few is said at once; that a
 * count is reached proves nothing while a series that the same step made hasn't come at all. Answers whose studies changed.
 */
export async function applyPerformedCounts(tx: Tx, seriesIds: readonly string[]): Promise<string[]> {
  if (seriesIds.length === 0) return [];
  const rows = await databaseOf(tx).$queryRaw<{ studyId: string }[]>`
    UPDATE series e SET expected_count = p.object_count, expected_source = 'MPPS'
    FROM performed_series p JOIN performed_step s ON s.id = p.step_id
    WHERE s.state = 'completed' AND p.custodian = e.custodian AND p.series_instance_uid = e.series_instance_uid
      AND s.id IN (
        SELECT o.step_id FROM performed_series o
        JOIN series x ON x.custodian = o.custodian AND x.series_instance_uid = o.series_instance_uid
        WHERE x.id = ANY (${[...seriesIds]}::uuid[]))
      AND (e.expected_count IS DISTINCT FROM p.object_count OR e.expected_source IS DISTINCT FROM 'MPPS')
      AND (e.instance_count + e.set_aside_count < p.object_count OR NOT EXISTS (
        SELECT 1 FROM performed_series o
        WHERE o.step_id = s.id AND o.object_count > 0 AND NOT EXISTS (
          SELECT 1 FROM series x WHERE x.custodian = o.custodian AND x.series_instance_uid = o.series_instance_uid)))
    RETURNING e.study_id::text AS "studyId"`;
  return [...new Set(rows.map(({ studyId }) => studyId))];
}
