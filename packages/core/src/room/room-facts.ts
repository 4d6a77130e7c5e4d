import * as Access from "../access/index.ts";
import { NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import { isOwnerOf } from "./outcome.store.ts";
import type { RoomFacts } from "./room.policy.ts";
import {
  findPatientStanding,
  findRoomCase,
  findRoomMembers,
  findRooms,
  type PatientStanding,
  type RoomCase,
  type RoomMeeting,
  type RoomMember,
} from "./room.store.ts";

export const noSuchMeeting = () => new NotFound("MEETING_NOT_FOUND", "There is no such meeting.");
export const noSuchCase = () => new NotFound("CASE_NOT_FOUND", "There is no such case.");

export type KnownRoom = RoomFacts & { meeting: RoomMeeting; members: RoomMember[] };
export type KnownCase = KnownRoom & { found: RoomCase };

/** Who a case is about, to this actor. A restricted one is for who listed it by their own act, and who cares for the patient. */
export function patientTo(
  tx: Tx,
  { actOf }: Pick<RoomCase, "actOf">,
  standing: PatientStanding | undefined,
): RoomFacts["patient"] {
  if (!standing) return "restricted";
  if (standing.isOwn) return "own";
  if (standing.classes.length === 0 || actOf === tx.actor.id) return "open";
  return Access.isCaring(standing) ? "open" : "restricted";
}

function factsOf(tx: Tx, meeting: RoomMeeting, members: RoomMember[]): KnownRoom {
  const own = members.find(
    ({ personId, worksFor }) => personId === tx.actor.id && worksFor === organisationOf(tx.actor),
  );
  const isPublished = meeting.state === "published";
  return {
    organisation: meeting.organisation,
    part: own?.part,
    isChair:
      own !== undefined &&
      (meeting.chairId === undefined ? own.part === "chair" : meeting.chairId === tx.actor.id),
    isPublished,
    isOpenToMembers: isPublished && meeting.visibleUntil !== undefined && meeting.visibleUntil > tx.now,
    isOwner: false,
    patient: "open",
    ...{ meeting, members },
  };
}

/** @throws {NotFound} `MEETING_NOT_FOUND` */
export async function roomFacts(tx: Tx, meetingId: string): Promise<KnownRoom> {
  const [meeting] = await findRooms(tx, [meetingId]);
  if (!meeting) throw noSuchMeeting();
  return factsOf(tx, meeting, await findRoomMembers(tx, [meeting.seriesId]));
}

/** Many meetings at once, by id. */
export async function roomsFacts(tx: Tx, meetingIds: readonly string[]): Promise<Map<string, KnownRoom>> {
  const rooms = await findRooms(tx, [...new Set(meetingIds)]);
  const members = await findRoomMembers(
    tx,
    rooms.map(({ seriesId }) => seriesId),
  );
  return new Map(
    rooms.map((room) => [
      room.meetingId,
      factsOf(
        tx,
        room,
        members.filter(({ seriesId }) => seriesId === room.seriesId),
      ),
    ]),
  );
}

/** @throws {NotFound} `CASE_NOT_FOUND` */
export async function caseFacts(tx: Tx, caseId: string): Promise<KnownCase> {
  const found = await findRoomCase(tx, caseId);
  if (!found || found.state === "removed") throw noSuchCase();
  const [standing] = await findPatientStanding(tx, [found.patientId]);
  return {
    ...(await roomFacts(tx, found.meetingId)),
    isOwner: await isOwnerOf(tx, caseId),
    patient: patientTo(tx, found, standing),
    found,
  };
}
