import { z } from "zod";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { PARTS, type Part } from "../mdt/index.ts";
import type { Attendance } from "./outcome.ts";

const partOf = (part: string): Part => PARTS.find((one) => one === part) ?? "other";
const QuorumRules = z.array(z.object({ part: z.enum(PARTS), atLeast: z.number().int() })).catch([]);

/** A meeting as the room needs it. */
export type RoomMeeting = {
  meetingId: string;
  seriesId: string;
  organisation: string;
  name: string;
  heldOn: string;
  startsAt: Date;
  endsAt: Date;
  state: string;
  visibleUntil: Date | undefined;
  chairId: string | undefined;
  quorum: z.output<typeof QuorumRules>;
};

type MeetingRow = Omit<RoomMeeting, "visibleUntil" | "chairId" | "quorum"> & {
  visibleUntil: Date | null;
  chairId: string | null;
  quorum: unknown;
};
const shapeMeeting = ({ visibleUntil, chairId, quorum, ...row }: MeetingRow): RoomMeeting => ({
  ...row,
  visibleUntil: visibleUntil ?? undefined,
  chairId: chairId ?? undefined,
  quorum: QuorumRules.parse(quorum),
});

export async function findRooms(tx: Tx, meetingIds: readonly string[]): Promise<RoomMeeting[]> {
  const rows = await databaseOf(tx).$queryRaw<MeetingRow[]>`
    SELECT m.id::text AS "meetingId", m.series_id::text AS "seriesId", m.organisation, s.name, m.held_on::text AS "heldOn",
      m.starts_at AS "startsAt", m.ends_at AS "endsAt", m.state, m.visible_until AS "visibleUntil",
      coalesce(m.chair_id, s.chair_id) AS "chairId", s.quorum
    FROM meeting m JOIN meeting_series s ON s.id = m.series_id WHERE m.id = ANY (${[...meetingIds]}::uuid[])`;
  return rows.map(shapeMeeting);
}

export type RoomMember = { seriesId: string; personId: string; worksFor: string; part: Part };

export async function findRoomMembers(tx: Tx, seriesIds: readonly string[]): Promise<RoomMember[]> {
  const rows = await databaseOf(tx).meetingMember.findMany({
    where: { seriesId: { in: [...seriesIds] }, endedAt: null },
    select: { seriesId: true, personId: true, worksFor: true, part: true },
    orderBy: [{ part: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({ ...row, part: partOf(row.part) }));
}

const caseColumns = {
  id: true,
  meetingId: true,
  organisation: true,
  patientRecordId: true,
  patientId: true,
  state: true,
  question: true,
  referrer: true,
  position: true,
  actOf: true,
  presenterId: true,
  radiologistId: true,
} as const;

export type RoomCase = {
  id: string;
  meetingId: string;
  organisation: string;
  patientRecordId: string;
  patientId: string;
  state: string;
  question: string;
  referrer: string;
  position: number;
  actOf: string | null;
  presenterId: string | null;
  radiologistId: string | null;
};

export const findRoomCase = (tx: Tx, caseId: string): Promise<RoomCase | null> =>
  databaseOf(tx).meetingCase.findUnique({ where: { id: caseId }, select: caseColumns });

/** On the list, in its order. */
export const findRoomCases = (tx: Tx, meetingId: string): Promise<RoomCase[]> =>
  databaseOf(tx).meetingCase.findMany({
    where: { meetingId, state: { not: "removed" } },
    select: caseColumns,
    orderBy: [{ position: "asc" }, { id: "asc" }],
    take: 500,
  });

/** Cases that name somebody as their radiologist, of meetings that aren't over. */
export const findCasesFor = (tx: Tx, personId: string, most: number): Promise<RoomCase[]> =>
  databaseOf(tx).meetingCase.findMany({
    where: {
      ...{ radiologistId: personId, state: "listed" },
      meeting: { endsAt: { gt: tx.now }, state: "published", visibleUntil: { gt: tx.now } },
    },
    select: caseColumns,
    orderBy: [{ meeting: { startsAt: "asc" } }, { meetingId: "asc" }, { position: "asc" }],
    take: most,
  });

export async function setCaseState(tx: Tx, caseId: string, state: "discussed" | "deferred"): Promise<void> {
  await databaseOf(tx).meetingCase.update({
    where: { id: caseId },
    data: { state, changedBy: tx.actor.id, changedAt: tx.now },
    select: { id: true },
  });
}

export type PatientStanding = {
  patientId: string;
  classes: string[];
  relationships: string[];
  isOwn: boolean;
};

/** What of these patients decides whether this actor may know who they are: one statement. */
export const findPatientStanding = (tx: Tx, patientIds: readonly string[]): Promise<PatientStanding[]> =>
  databaseOf(tx).$queryRaw`
    SELECT p.id::text AS "patientId",
      ARRAY(SELECT DISTINCT unnest(m.classes) FROM sensitive_mark m WHERE m.patient_id = p.id) AS classes,
      ARRAY(SELECT DISTINCT l.kind FROM relationship l WHERE l.patient_id = p.id AND l.person_id = ${tx.actor.id} AND l.study_id IS NULL
        AND l.starts_at <= ${tx.now}::timestamptz AND l.ends_at > ${tx.now}::timestamptz) AS relationships,
      EXISTS (SELECT 1 FROM own_record o WHERE o.patient_id = p.id AND o.person_id = ${tx.actor.id} AND o.ended_at IS NULL) AS "isOwn"
    FROM unnest(${[...new Set(patientIds)]}::uuid[]) AS p(id)`;

export type AttendanceRow = Attendance & { scopeId: string };

export const findAttendance = (tx: Tx, meetingId: string): Promise<AttendanceRow[]> =>
  databaseOf(tx).meetingAttendance.findMany({
    where: { meetingId },
    select: { scopeId: true, attendee: true, worksFor: true, part: true, isPresent: true },
    orderBy: [{ recordedAt: "asc" }, { id: "asc" }],
  });

export async function keepAttendance(
  tx: Tx,
  { meetingId, organisation }: Pick<RoomMeeting, "meetingId" | "organisation">,
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
  { meetingId, organisation }: Pick<RoomMeeting, "meetingId" | "organisation">,
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
