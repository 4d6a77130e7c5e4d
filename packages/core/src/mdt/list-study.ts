import { z } from "zod";
import { defineAction, Invalid, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { nextPosition, putOnList, requireAhead } from "./add-cases.ts";
import { findCases, findStanding, type NewCase } from "./case.store.ts";
import type { MeetingCase } from "./case.ts";
import { mayListByStudy } from "./list-study.policy.ts";
import { mayListFor } from "./mdt.policy.ts";
import { findEarlier, lockMeeting } from "./meeting.store.ts";
import { type KnownMeeting, meetingFacts } from "./meeting-facts.ts";

const Words = z.string().trim().max(2000).default("");

async function refuseTwice(tx: Tx, { meeting }: KnownMeeting, patientId: string): Promise<void> {
  requireAhead(tx, meeting);
  await lockMeeting(tx, meeting.id);
  const listed = await findCases(tx, [meeting.id]);
  if (listed.some((one) => one.patientId === patientId))
    throw new Invalid("LISTED_ALREADY", "This patient is on this list already.");
}

/** Restricted: listed by a member's own act alone (clinical page §4). */
async function actFor(tx: Tx, patientId: string, { part }: KnownMeeting): Promise<{ actOf?: string }> {
  const [standing] = await findStanding(tx, [patientId]);
  if (!standing || standing.classes.length === 0) return {};
  if (!part)
    throw new Invalid(
      "MEMBER_MUST_LIST",
      "This record is restricted: a member of the meeting has to list it.",
    );
  return { actOf: tx.actor.id };
}

/**
 * From a study that one reads, onto a meeting's list: by who builds it, or by a member's own act.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`, `MEETING_NOT_FOUND` @throws {Invalid} `LISTED_ALREADY`, `MEETING_OVER`, `MEMBER_MUST_LIST`
 */
export const listStudy = defineAction({
  name: "mdt.list-study",
  input: z.object({ meetingId: z.uuid(), studyId: z.uuid(), question: Words }),
  policy: mayListByStudy,
  absent: Study.noSuchStudy,
  async load(tx, { meetingId, studyId }) {
    const facts = await Study.studyFacts(tx, studyId);
    return { ...facts, list: await meetingFacts(tx, meetingId) };
  },
  async run(tx, { studyId, question }, { study, list }) {
    await refuseTwice(tx, list, study.patientId);
    const records = await Patient.findRecordsOfPatient(tx, study.patientId);
    const record = records.find(({ custodian }) => custodian === list.meeting.organisation) ?? records[0];
    if (!record) throw Study.noSuchStudy();
    const [added] = await putOnList(tx, list, [
      {
        ...{ meetingId: list.meeting.id, organisation: list.meeting.organisation, question },
        ...{
          patientRecordId: record.id,
          patientId: study.patientId,
          matchedHow: "study",
          source: "study",
          sourceId: studyId,
        },
        ...{ basis: "member", basisWords: tx.actor.id, referrer: "", pathway: "", targetDate: undefined },
        ...(await actFor(tx, study.patientId, list)),
        position: await nextPosition(tx, list.meeting.id),
      },
    ]);
    return { caseId: added?.id ?? "", patientId: study.patientId, custodian: study.custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { meetingId, caseId: done?.caseId ?? null, basis: "member" },
    }),
  },
});

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
