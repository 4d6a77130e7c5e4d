import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findCases } from "./case.store.ts";
import { type GatheredCase, gather } from "./gather.ts";
import { shownMeeting } from "./list-meetings.ts";
import { seriesFor } from "./list-series.ts";
import { mayListOwn, maySeeMeeting } from "./mdt.policy.ts";
import { findMeetings, findMembers } from "./meeting.store.ts";
import type { Meeting } from "./meeting.ts";
import { isOpenToMembers, partIn } from "./meeting-facts.ts";
import { dayBeforeAt, REDS_AT } from "./occurrences.ts";

const AHEAD_MS = 48 * 3_600_000;

const isDue = ({ kind, state, zone, heldOn, startsAt }: Meeting, now: Date): boolean =>
  kind !== "meeting" && state !== "cancelled" && dayBeforeAt(zone, heldOn, REDS_AT) <= now && startsAt > now;

async function seenOf(tx: Tx, meetings: readonly Meeting[]): Promise<Meeting[]> {
  const members = await findMembers(tx, [...new Set(meetings.map(({ seriesId }) => seriesId))]);
  return meetings.filter(({ seriesId, ...meeting }) => {
    const own = members.filter((one) => one.seriesId === seriesId);
    const isOpen = isOpenToMembers({ seriesId, ...meeting }, tx.now);
    const facts = { organisation: meeting.organisation, part: partIn(tx, own), isOpenToMembers: isOpen };
    return maySeeMeeting.decide(tx.actor, facts).allowed;
  });
}

const redOf = ({ found, identity, readiness }: GatheredCase) => ({
  caseId: found.id,
  patient: identity,
  missing: readiness.aspects
    .filter(({ colour }) => colour === "red")
    .map(({ label, says, from }) => ({ label, says, from })),
});

/** Tomorrow's reds: from two o'clock on the day before, until the list begins, of one's theatre and clinic lists. */
export const listReds = defineAction({
  name: "mdt.list-reds",
  input: z.object({}),
  policy: mayListOwn,
  load: async () => null,
  async run(tx) {
    const seriesIds = (await seriesFor(tx)).filter(({ kind }) => kind !== "meeting").map(({ id }) => id);
    if (seriesIds.length === 0) return { lists: [] };
    const span = { from: tx.now, to: new Date(tx.now.getTime() + AHEAD_MS) };
    const due = (await findMeetings(tx, { seriesIds, ...span })).filter((one) => isDue(one, tx.now));
    const meetings = await seenOf(tx, due);
    const cases = await findCases(
      tx,
      meetings.map(({ id }) => id),
    );
    const { cases: gathered } = await gather(tx, cases, meetings);
    const reds = gathered.filter(({ readiness }) => readiness.colour === "red");
    return {
      lists: meetings.map((meeting) => ({
        meeting: shownMeeting(meeting),
        cases: gathered.filter(({ found }) => found.meetingId === meeting.id).length,
        reds: reds.filter(({ found }) => found.meetingId === meeting.id).map(redOf),
      })),
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({
      detail: { reds: done?.lists.reduce((sum, { reds }) => sum + reds.length, 0) ?? 0 },
    }),
  },
});
