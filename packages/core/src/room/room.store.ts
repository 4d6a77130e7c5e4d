import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Meeting } from "../mdt/index.ts";
import type { Attendance } from "./outcome.ts";

export type AttendanceRow = Attendance & { scopeId: string };

export const findAttendance = (tx: Tx, meetingId: string): Promise<AttendanceRow[]> =>
  databaseOf(tx).meetingAttendance.findMany({
    where: { meetingId },
    select: { scopeId: true, attendee: true, worksFor: true, part: true, isPresent: true },
    orderBy: [{ recordedAt: "asc" }, { id: "asc" }],
  });

export async function keepAttendance(
  tx: Tx,
  { id: meetingId, organisation }: Pick<Meeting, "id" | "organisation">,
  row: AttendanceRow,
): Promise<void> {
  const { scopeId, attendee, ...said } = row;
  const data = { ...said, recordedBy: tx.actor.id, recordedAt: tx.now };
  await databaseOf(tx).meetingAttendance.upsert({
    where: { meetingId_scopeId_attendee: { meetingId, scopeId, attendee } },
    create: { meetingId, organisation, scopeId, attendee, ...data },
    update: data,
    select: { id: true },
  });
}

export type Presenting = {
  presenterId: string;
  caseId: string | null;
  pinId: string | null;
  step: number;
  startedAt: Date;
  changedAt: Date;
  endedAt: Date | null;
};

export const findPresenting = (tx: Tx, meetingId: string): Promise<Presenting | null> =>
  databaseOf(tx).meetingPresenting.findUnique({
    where: { meetingId },
    select: {
      ...{ presenterId: true, caseId: true, pinId: true, step: true },
      ...{ startedAt: true, changedAt: true, endedAt: true },
    },
  });

/**
 * Moves the presenter's place. An older step of the same presenting comes to nothing, so that two switches in the wrong order end
 * on the last. @returns whether this is where the presenter is now
 */
export async function movePresenting(
  tx: Tx,
  { id: meetingId, organisation }: Pick<Meeting, "id" | "organisation">,
  to: { caseId: string | undefined; pinId: string | undefined; step: number; isOver: boolean },
): Promise<boolean> {
  const moved = await databaseOf(tx).$executeRaw`
    INSERT INTO meeting_presenting (meeting_id, organisation, presenter_id, case_id, pin_id, step, started_at, changed_at, ended_at)
    VALUES (${meetingId}::uuid, ${organisation}, ${tx.actor.id}, ${to.caseId ?? null}::uuid, ${to.pinId ?? null}::uuid, ${to.step},
      ${tx.now}::timestamptz, ${tx.now}::timestamptz, ${to.isOver ? tx.now : null}::timestamptz)
    ON CONFLICT (meeting_id) DO UPDATE SET presenter_id = excluded.presenter_id, case_id = excluded.case_id, pin_id = excluded.pin_id,
      step = excluded.step, changed_at = excluded.changed_at, ended_at = excluded.ended_at,
      started_at = CASE WHEN meeting_presenting.presenter_id = excluded.presenter_id AND meeting_presenting.ended_at IS NULL
        THEN meeting_presenting.started_at ELSE excluded.started_at END
    WHERE meeting_presenting.presenter_id <> excluded.presenter_id OR meeting_presenting.step < excluded.step`;
  return moved > 0;
}
