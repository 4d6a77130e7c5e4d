import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { nextPosition, putOnList, requireAhead } from "./add-cases.ts";
import { findCases, type NewCase } from "./case.store.ts";
import type { MeetingCase } from "./case.ts";
import { mayListFor } from "./mdt.policy.ts";
import { findEarlier, lockMeeting } from "./meeting.store.ts";
import { type KnownMeeting, meetingFacts } from "./meeting-facts.ts";

const broughtOver = (found: MeetingCase, { meeting }: KnownMeeting, position: number): NewCase => ({
  meetingId: meeting.id,
  organisation: meeting.organisation,
  patientRecordId: found.patientRecordId,
  patientId: found.patientId,
  matchedHow: "deferred",
  source: "deferred",
  sourceId: found.id,
  basis: found.basis,
  basisWords: found.basisWords,
  question: found.question,
  referrer: found.referrer,
  pathway: found.pathway,
  procedure: found.procedure,
  side: found.side,
  targetDate: found.targetDate,
  position,
  ...(found.actOf ? { actOf: found.actOf } : {}),
});

/**
 * What was deferred at the meeting before this one, brought over with its question and target
 * date. Who is on this list already is left.
 */
export const bringDeferred = defineAction({
  name: "mdt.bring-deferred",
  input: z.object({ meetingId: z.uuid() }),
  policy: mayListFor,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { meetingId }, facts) {
    requireAhead(tx, facts.meeting);
    await lockMeeting(tx, meetingId);
    const earlier = (await findEarlier(tx, facts.meeting, 4)).filter(({ endsAt }) => endsAt <= tx.now);
    const [last] = earlier;
    const deferred = last ? (await findCases(tx, [last.id])).filter(({ state }) => state === "deferred") : [];
    const listed = new Set((await findCases(tx, [meetingId])).map(({ patientId }) => patientId));
    const first = await nextPosition(tx, meetingId);
    const added = await putOnList(
      tx,
      facts,
      deferred
        .filter(({ patientId }) => !listed.has(patientId))
        .map((found, at) => broughtOver(found, facts, first + at)),
    );
    return { added: added.map(({ id, patientId }) => ({ caseId: id, patientId })) };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId }, done) => [
      { detail: { meetingId, source: "deferred" } },
      ...(done?.added ?? []).map(({ caseId, patientId }) => ({ patientId, detail: { meetingId, caseId } })),
    ],
  },
});
