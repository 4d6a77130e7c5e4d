import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findCases } from "./case.store.ts";
import { gather } from "./gather.ts";
import type { Colour } from "./judged.ts";
import { seriesFor } from "./list-series.ts";
import { mayListOwn, maySeeMeeting } from "./mdt.policy.ts";
import { findMeetings, findMembers } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";
import { isOpenToMembers, partIn } from "./meeting-facts.ts";
import { readCursor } from "./standing.store.ts";

const DAY = 86_400_000;
const BACK_DAYS = 7;
const AHEAD_DAYS = 28;

export const shownMeeting = ({
  startsAt,
  endsAt,
  cutOffAt,
  publishedAt,
  visibleUntil,
  ...rest
}: Meeting) => ({
  ...rest,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  cutOffAt: cutOffAt.toISOString(),
  publishedAt: publishedAt?.toISOString(),
  visibleUntil: visibleUntil?.toISOString(),
});

/** The board: one's meetings of a week back and four ahead, each with how many cases are how ready, and its cut-off. */
export const listMeetings = defineAction({
  name: "mdt.list-meetings",
  input: z.object({}),
  policy: mayListOwn,
  load: async () => null,
  async run(tx) {
    const seriesIds = (await seriesFor(tx)).map(({ id }) => id);
    const [from, to] = [-BACK_DAYS, AHEAD_DAYS].map((days) => new Date(tx.now.getTime() + days * DAY));
    const meetings = from && to ? await findMeetings(tx, { seriesIds, from, to }) : [];
    const members = await findMembers(tx, seriesIds);
    const seen = meetings.filter(
      (meeting) =>
        maySeeMeeting.decide(tx.actor, {
          organisation: meeting.organisation,
          part: partIn(
            tx,
            members.filter(({ seriesId }) => seriesId === meeting.seriesId),
          ),
          isOpenToMembers: isOpenToMembers(meeting, tx.now),
        }).allowed,
    );
    const ahead = seen.filter(({ endsAt, state }) => endsAt > tx.now && state !== "cancelled");
    const changeCursor = await readCursor(tx);
    const cases = await findCases(
      tx,
      ahead.map(({ id }) => id),
    );
    const { cases: gathered } = await gather(tx, cases, ahead);
    const counts = (meetingId: string): Record<Colour, number> => {
      const own = gathered.filter(({ found }) => found.meetingId === meetingId);
      const of = (colour: Colour) => own.filter(({ readiness }) => readiness.colour === colour).length;
      return { green: of("green"), amber: of("amber"), red: of("red"), grey: of("grey") };
    };
    return {
      changeCursor,
      now: tx.now.toISOString(),
      meetings: meetings.map((meeting) => ({
        ...shownMeeting(meeting),
        maySee: seen.includes(meeting),
        counts: ahead.includes(meeting) ? counts(meeting.id) : undefined,
      })),
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { meetings: done?.meetings.length ?? 0 } }),
  },
});
