import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { seriesFor } from "./list-series.ts";
import { mayListFor, mayListOwn } from "./mdt.policy.ts";
import { findMeetings, findMembers } from "./meeting.store.ts";
import { isOpenToMembers, partIn } from "./meeting-facts.ts";

const AHEAD_MS = 35 * 86_400_000;

/** Meetings onto whose list one may put a patient: those that one builds or belongs to, and that aren't over. Nobody is named in it. */
export const listAhead = defineAction({
  name: "mdt.list-ahead",
  input: z.object({}),
  policy: mayListOwn,
  load: async () => null,
  async run(tx) {
    const seriesIds = (await seriesFor(tx)).map(({ id }) => id);
    const span = { from: tx.now, to: new Date(tx.now.getTime() + AHEAD_MS) };
    const meetings = await findMeetings(tx, { seriesIds, ...span });
    const members = await findMembers(tx, seriesIds);
    return meetings.flatMap((meeting) => {
      const { id: meetingId, name, kind, state, organisation, seriesId } = meeting;
      const part = partIn(
        tx,
        members.filter((one) => one.seriesId === seriesId),
      );
      const facts = { organisation, part, isOpenToMembers: isOpenToMembers(meeting, tx.now) };
      const builds = mayListFor.decide(tx.actor, facts).allowed;
      if (state === "cancelled" || !(builds || part)) return [];
      const times = { startsAt: meeting.startsAt.toISOString(), cutOffAt: meeting.cutOffAt.toISOString() };
      /** Without a part in it one says who asked. */
      return [
        { meetingId, name, kind, ...times, isClosed: meeting.cutOffAt <= tx.now, isMember: Boolean(part) },
      ];
    });
  },
  audit: { how: "none" },
});
