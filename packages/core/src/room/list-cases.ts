import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import {
  findCases,
  findCasesOfRadiologist,
  findStanding,
  type MeetingCase,
  noSuchMeeting,
  patientTo,
} from "../mdt/index.ts";
import { findRecordsOfPatients } from "../patient/index.ts";
import { presentFor } from "./attend.ts";
import { findOutcomeStates } from "./outcome.store.ts";
import { findPreparations } from "./prepare.store.ts";
import { mayBeInRoom, mayDisplay, mayListOwnRoom } from "./room.policy.ts";
import { roomFacts, roomsFacts } from "./room-facts.ts";

const MOST_TO_PREPARE = 300;

/** Cases as a list names them: who it is, where this reader may know it, what was prepared and what was decided. */
async function named(tx: Tx, cases: readonly MeetingCase[]) {
  const caseIds = cases.map(({ id }) => id);
  const patientIds = cases.map(({ patientId }) => patientId);
  const standing = new Map((await findStanding(tx, patientIds)).map((one) => [one.patientId, one]));
  const records = await findRecordsOfPatients(tx, [...new Set(patientIds)]);
  const preparations = await findPreparations(tx, caseIds);
  const outcomes = new Map((await findOutcomeStates(tx, caseIds)).map((one) => [one.caseId, one]));
  return cases.map((found) => {
    const isOpen = patientTo(tx, found, standing.get(found.patientId)) === "open";
    const own = records.filter(({ patientId }) => patientId === found.patientId);
    const record = own.find(({ id }) => id === found.patientRecordId) ?? own[0];
    return {
      caseId: found.id,
      meetingId: found.meetingId,
      patient: isOpen ? record?.identity : undefined,
      question: isOpen ? found.question : "",
      state: found.state,
      isPrepared: preparations.some(({ caseId, preparedAt }) => caseId === found.id && preparedAt),
      outcome: outcomes.get(found.id)?.kind,
      isSigned: Boolean(outcomes.get(found.id)?.signedAt),
    };
  });
}

/** The cases of a meeting in the order in which they are called, who is there, and who belongs to it. */
export const listCases = defineAction({
  name: "room.list-cases",
  display: "of-its-list",
  purpose: "direct-care",
  input: z.object({ meetingId: z.uuid() }),
  policy: mayBeInRoom,
  absent: noSuchMeeting,
  load: (tx, { meetingId }) => roomFacts(tx, meetingId),
  async run(tx, { meetingId }, facts) {
    const { meeting, members, isChair } = facts;
    const cases = await named(tx, await findCases(tx, [meetingId]));
    const names = await namesOf(
      tx,
      members.map(({ personId }) => personId),
    );
    return {
      meeting: {
        ...{ meetingId, name: meeting.name, kind: meeting.kind, heldOn: meeting.heldOn },
        ...{ isChair, meId: tx.actor.id, mayDisplay: mayDisplay.decide(tx.actor, facts).allowed },
        startsAt: meeting.startsAt.toISOString(),
        endsAt: meeting.endsAt.toISOString(),
        visibleUntil: meeting.visibleUntil?.toISOString(),
      },
      cases,
      members: members.map(({ personId, worksFor, part }) => ({
        ...{ personId, worksFor, part },
        name: names.get(personId) ?? personId,
      })),
      present: await presentFor(tx, meeting, undefined),
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ meetingId }, done) => ({ detail: { meetingId, cases: done?.cases.length ?? 0 } }),
  },
});

/** Published cases that name this person as their radiologist, by meeting, the soonest first. */
export const listToPrepare = defineAction({
  name: "room.list-to-prepare",
  purpose: "direct-care",
  input: z.object({}),
  policy: mayListOwnRoom,
  load: async () => null,
  async run(tx) {
    const found = await findCasesOfRadiologist(tx, tx.actor.id, MOST_TO_PREPARE + 1);
    const rooms = await roomsFacts(
      tx,
      found.map(({ meetingId }) => meetingId),
    );
    const ours = found.slice(0, MOST_TO_PREPARE).filter(({ meetingId }) => {
      const room = rooms.get(meetingId);
      return room !== undefined && mayBeInRoom.decide(tx.actor, room).allowed;
    });
    const cases = await named(tx, ours);
    const meetingIds = [...new Set(ours.map(({ meetingId }) => meetingId))];
    return {
      meetings: meetingIds.flatMap((meetingId) => {
        const room = rooms.get(meetingId)?.meeting;
        if (!room) return [];
        return [
          {
            ...{ meetingId, name: room.name, heldOn: room.heldOn, startsAt: room.startsAt.toISOString() },
            cases: cases.filter((one) => one.meetingId === meetingId),
          },
        ];
      }),
      isCut: found.length > MOST_TO_PREPARE,
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { meetings: done?.meetings.length ?? 0 } }),
  },
});
