import { z } from "zod";
import { Conflict, defineAction, Invalid, type Tx } from "../kernel/index.ts";
import { findCases } from "./case.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { changeMeeting, findMeeting, findSeries } from "./meeting.store.ts";
import type { Meeting, MeetingState } from "./meeting.ts";
import { type KnownMeeting, meetingFacts } from "./meeting-facts.ts";
import { occurrenceOn } from "./occurrences.ts";
import { relateCases } from "./relate-cases.ts";

async function visibleUntilOf(tx: Tx, meeting: Meeting): Promise<Date> {
  const series = await findSeries(tx, meeting.seriesId);
  return series ? occurrenceOn(series, meeting.heldOn).visibleUntil : meeting.endsAt;
}

async function bringTo(
  tx: Tx,
  { meetingId, version, state }: { meetingId: string; version: number; state: MeetingState },
  { meeting, members }: KnownMeeting,
) {
  const isPublished = state === "published";
  const change = {
    state,
    publishedAt: isPublished ? tx.now : null,
    publishedBy: isPublished ? tx.actor.id : null,
    visibleUntil: isPublished ? await visibleUntilOf(tx, meeting) : null,
  };
  if (!(await changeMeeting(tx, { meetingId, version, change })))
    throw new Conflict("MEETING_CHANGED", "Somebody else changed this meeting meanwhile. Look again.");
  const changed = await findMeeting(tx, meetingId);
  const cases = await findCases(tx, [meetingId]);
  if (changed) await relateCases(tx, { meeting: changed, members }, cases);
  return { state, cases: cases.length, version: version + 1 };
}

/**
 * From now on members see the list's cases, until the time that the series says; taken back, or cancelled, they don't.
 *
 * @throws {Conflict} `MEETING_CHANGED`
 */
export const publishList = defineAction({
  name: "mdt.publish-list",
  input: z.object({
    meetingId: z.uuid(),
    version: z.number().int(),
    state: z.enum(["published", "open", "cancelled"]),
  }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  run(tx, input, facts) {
    if (facts.meeting.endsAt <= tx.now) throw new Invalid("MEETING_OVER", "This meeting is over.");
    return bringTo(tx, input, facts);
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, state }, done) => ({ detail: { meetingId, state, cases: done?.cases ?? 0 } }),
  },
});

/** @throws {Conflict} `MEETING_CHANGED` */
export const editMeeting = defineAction({
  name: "mdt.edit-meeting",
  input: z.object({
    meetingId: z.uuid(),
    version: z.number().int(),
    note: z.string().trim().max(1000),
    rooms: z.array(z.string().trim().min(1).max(80)).max(20),
  }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { meetingId, version, ...change }) {
    if (!(await changeMeeting(tx, { meetingId, version, change })))
      throw new Conflict("MEETING_CHANGED", "Somebody else changed this meeting meanwhile. Look again.");
    return { version: version + 1 };
  },
  audit: { how: "each", verb: "changed", subjects: ({ meetingId }) => ({ detail: { meetingId } }) },
});
