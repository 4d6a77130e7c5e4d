import { Prisma } from "@weald/db";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";

export type Standing = { patientId: string; classes: string[]; relationships: string[]; isOwn: boolean };

/** What of these patients decides whether this actor may know who they are: one statement. */
export async function findStanding(tx: Tx, patientIds: readonly string[]): Promise<Standing[]> {
  return databaseOf(tx).$queryRaw<Standing[]>`
    SELECT p.id::text AS "patientId",
      ARRAY(SELECT DISTINCT unnest(m.classes) FROM sensitive_mark m WHERE m.patient_id = p.id) AS classes,
      ARRAY(SELECT DISTINCT l.kind FROM relationship l WHERE l.patient_id = p.id AND l.person_id = ${tx.actor.id} AND l.study_id IS NULL
        AND l.starts_at <= ${tx.now}::timestamptz AND l.ends_at > ${tx.now}::timestamptz) AS relationships,
      EXISTS (SELECT 1 FROM own_record o WHERE o.patient_id = p.id AND o.person_id = ${tx.actor.id} AND o.ended_at IS NULL) AS "isOwn"
    FROM unnest(${[...new Set(patientIds)]}::uuid[]) AS p(id)`;
}

/** The cursor of a page: every transaction below it had ended when it was read. */
export async function readCursor(tx: Tx): Promise<string> {
  const [row] = await databaseOf(tx).$queryRaw<
    { xmin: string }[]
  >`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`;
  return row?.xmin ?? "0";
}

/** Whether a meeting, a case of it, or a study or booking of one of its patients was changed at or above the cursor. */
export async function hasMeetingChanged(
  tx: Tx,
  meetingIds: readonly string[],
  cursor: string,
): Promise<boolean> {
  const ids = Prisma.sql`${[...meetingIds]}::uuid[]`;
  const [row] = await databaseOf(tx).$queryRaw<{ changed: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM meeting m WHERE m.id = ANY (${ids}) AND m.changed_xid >= ${cursor}::bigint)
      OR EXISTS (SELECT 1 FROM meeting_case c WHERE c.meeting_id = ANY (${ids}) AND c.changed_xid >= ${cursor}::bigint)
      OR EXISTS (SELECT 1 FROM study s WHERE s.changed_xid >= ${cursor}::bigint
        AND s.patient_id IN (SELECT c.patient_id FROM meeting_case c WHERE c.meeting_id = ANY (${ids})))
      OR EXISTS (SELECT 1 FROM imaging_request r WHERE r.changed_xid >= ${cursor}::bigint
        AND r.patient_id IN (SELECT c.patient_id FROM meeting_case c WHERE c.meeting_id = ANY (${ids}))) AS changed`;
  return row?.changed ?? false;
}
