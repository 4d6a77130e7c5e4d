import type { Tx } from "../kernel/index.ts";
import * as Mdt from "../mdt/index.ts";
import { isOwnerOf } from "./outcome.store.ts";
import type { RoomFacts } from "./room.policy.ts";

export type KnownRoom = RoomFacts & { meeting: Mdt.Meeting; members: Mdt.MemberRow[] };
export type KnownCase = KnownRoom & { found: Mdt.MeetingCase };

function displayOf({ session }: Tx, meetingId: string): RoomFacts["display"] {
  if (!session?.displayOf) return "none";
  return session.displayOf === meetingId ? "this" : "another";
}

function factsOf(tx: Tx, meeting: Mdt.Meeting, members: Mdt.MemberRow[]): KnownRoom {
  const part = Mdt.partIn(tx, members);
  return {
    organisation: meeting.organisation,
    part,
    isChair:
      part !== undefined &&
      (meeting.chairId === undefined ? part === "chair" : meeting.chairId === tx.actor.id),
    isPublished: meeting.state === "published",
    isOpenToMembers: Mdt.isOpenToMembers(meeting, tx.now),
    isOwner: false,
    display: displayOf(tx, meeting.id),
    patient: "open",
    ...{ meeting, members },
  };
}

/** @throws {NotFound} `MEETING_NOT_FOUND` */
export async function roomFacts(tx: Tx, meetingId: string): Promise<KnownRoom> {
  const room = (await roomsFacts(tx, [meetingId])).get(meetingId);
  if (!room) throw Mdt.noSuchMeeting();
  return room;
}

/** Many meetings at once, by id. */
export async function roomsFacts(tx: Tx, meetingIds: readonly string[]): Promise<Map<string, KnownRoom>> {
  const rooms = await Mdt.findMeetingsByIds(tx, [...new Set(meetingIds)]);
  const members = await Mdt.findMembers(
    tx,
    rooms.map(({ seriesId }) => seriesId),
  );
  return new Map(
    rooms.map((room) => [
      room.id,
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
  const found = await Mdt.findCase(tx, caseId);
  if (!found || found.state === "removed") throw Mdt.noSuchCase();
  const [standing] = await Mdt.findStanding(tx, [found.patientId]);
  return {
    ...(await roomFacts(tx, found.meetingId)),
    isOwner: await isOwnerOf(tx, caseId),
    patient: Mdt.patientTo(tx, found, standing),
    found,
  };
}
