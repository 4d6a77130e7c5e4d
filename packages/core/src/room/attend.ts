import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { findCase, type Meeting, noSuchMeeting, PARTS } from "../mdt/index.ts";
import { judgeQuorum, type Present } from "./outcome.ts";
import { mayBeInRoom } from "./room.policy.ts";
import { findAttendance, keepAttendance } from "./room.store.ts";
import { roomFacts } from "./room-facts.ts";

const GUEST = "guest:";

/** Who was there for a case: what was said of the case, else of the whole meeting; with quorum as the series asks for it. */
export async function presentFor(
  tx: Tx,
  { id: meetingId, quorum }: Meeting,
  caseId: string | undefined,
): Promise<Present & { absent: string[] }> {
  const rows = await findAttendance(tx, meetingId);
  const said = new Map(rows.filter(({ scopeId }) => scopeId === meetingId).map((row) => [row.attendee, row]));
  for (const row of rows) if (row.scopeId === caseId) said.set(row.attendee, row);
  const all = [...said.values()];
  const there = all.filter(({ isPresent }) => isPresent);
  const names = await namesOf(
    tx,
    there.map(({ attendee }) => attendee),
  );
  const nameOf = (attendee: string) =>
    attendee.startsWith(GUEST) ? attendee.slice(GUEST.length) : (names.get(attendee) ?? attendee);
  return {
    people: there.map(({ attendee, worksFor, part }) => ({
      attendee,
      name: nameOf(attendee),
      worksFor,
      part,
    })),
    quorum: judgeQuorum(quorum, there),
    absent: all.filter(({ isPresent }) => !isPresent).map(({ attendee }) => attendee),
  };
}

const Attendee = z.object({
  /** A member's id, or "guest:" and a name. */
  attendee: z.string().trim().min(1).max(200),
  isPresent: z.boolean(),
  /** Of a guest; a member's is the meeting's to say. */
  worksFor: z.string().trim().max(120).default(""),
  part: z.enum(PARTS).default("other"),
});

/**
 * Who is there: for the whole meeting, or for one case of it. Said again it is corrected; what a signed outcome fixed stays.
 *
 * @throws {Conflict} `NOT_A_MEMBER`
 * @throws {NotFound} `MEETING_NOT_FOUND`
 */
export const recordAttendance = defineAction({
  name: "room.record-attendance",
  input: z.object({
    meetingId: z.uuid(),
    caseId: z.uuid().nullish(),
    attendees: z.array(Attendee).min(1).max(100),
  }),
  policy: mayBeInRoom,
  absent: noSuchMeeting,
  load: (tx, { meetingId }) => roomFacts(tx, meetingId),
  async run(tx, { meetingId, caseId, attendees }, { meeting, members }) {
    if (caseId && (await findCase(tx, caseId))?.meetingId !== meetingId) throw noSuchMeeting();
    for (const { attendee, ...said } of attendees) {
      const member = members.find(({ personId }) => personId === attendee);
      if (!member && !attendee.startsWith(GUEST))
        throw new Conflict(
          "NOT_A_MEMBER",
          "One of these is not a member of the meeting. Write a guest by name.",
        );
      await keepAttendance(tx, meeting, {
        ...{ scopeId: caseId ?? meetingId, attendee, isPresent: said.isPresent },
        worksFor: member?.worksFor ?? said.worksFor,
        part: member?.part ?? said.part,
      });
    }
    const { people, quorum } = await presentFor(tx, meeting, caseId ?? undefined);
    return { people, quorum };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, caseId, attendees }) => ({
      detail: { meetingId, caseId: caseId ?? null, attendees: attendees.length },
    }),
  },
});
