import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import { type MeetingCase, noSuchCase } from "../mdt/index.ts";
import { readOrganisations } from "../organisation/index.ts";
import { findRecordsOfPatients, type PatientIdentity } from "../patient/index.ts";
import type * as Timeline from "../timeline/index.ts";
import { presentFor } from "./attend.ts";
import { findPins, findPreparations, type Pin } from "./prepare.store.ts";
import { mayReadOutcome, maySeeCase } from "./room.policy.ts";
import { caseFacts, type KnownCase } from "./room-facts.ts";
import { changedReports, studiesOf } from "./seen-studies.ts";
import { showOutcome } from "./show-outcome.ts";

/** The record by which the patient was found; where another trust keeps it, the reader's own trust's word counts as little. */
export async function identityOf(
  tx: Tx,
  { patientId, patientRecordId }: Pick<MeetingCase, "patientId" | "patientRecordId">,
): Promise<PatientIdentity | undefined> {
  const records = await findRecordsOfPatients(tx, [patientId]);
  const record = records.find(({ id }) => id === patientRecordId) ?? records[0];
  return record?.identity;
}

type Known = {
  seen: Timeline.GatheredRows;
  trusts: ReadonlyMap<string, string>;
  names: ReadonlyMap<string, string>;
};

const nameOfStudy = ({ description, modalities }: Timeline.TimelineRow) =>
  description ?? (modalities.join(", ") || "Study");

const shownStudies = ({ seen, trusts }: Known, pinned: ReadonlySet<string>) =>
  seen.rows.map((row) => ({
    studyId: row.studyId,
    name: nameOfStudy(row),
    date: row.studyDate,
    custodian: row.custodian,
    trust: trusts.get(row.custodian) ?? row.custodian,
    modalities: row.modalities,
    side: row.side,
    reportState: row.reportState,
    isReported: seen.versions.get(row.studyId)?.report !== undefined,
    completeness: row.completeness.text,
    servedVersion: seen.versions.get(row.studyId)?.servedVersion ?? 0,
    firstSeriesId: row.firstSeriesId,
    isPinned: pinned.has(row.studyId),
  }));

/** A pin whose study is no longer this patient's, or not to be seen by this reader, says so and shows nothing. */
const shownPins = (pins: readonly Pin[], { seen, names }: Known) =>
  pins.map(({ caseId: _case, pinnedBy, ...pin }) => ({
    ...pin,
    pinnedBy: names.get(pinnedBy) ?? pinnedBy,
    isThere: seen.rows.some(({ studyId }) => studyId === pin.studyId),
  }));

export async function shownCase(tx: Tx, facts: KnownCase, seen?: Timeline.GatheredRows) {
  const { found, meeting, members } = facts;
  const [pins, preparations] = [await findPins(tx, [found.id]), await findPreparations(tx, [found.id])];
  const names = await namesOf(tx, [
    ...members.map(({ personId }) => personId),
    ...pins.map(({ pinnedBy }) => pinnedBy),
    ...preparations.map(({ preparerId }) => preparerId),
  ]);
  const known: Known = {
    seen: seen ?? (await studiesOf(tx, found.patientId)),
    trusts: new Map((await readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name])),
    names,
  };
  return {
    ...{ caseId: found.id, meetingId: found.meetingId, meeting: meeting.name, heldOn: meeting.heldOn },
    ...{ question: found.question, referrer: found.referrer, state: found.state },
    /** Of a theatre list: what is to be done, and on which side, beside the side that the images say. */
    ...{ kind: meeting.kind, procedure: found.procedure, operationSide: found.side },
    patient: await identityOf(tx, found),
    studies: shownStudies(known, new Set(pins.map(({ studyId }) => studyId))),
    isCut: known.seen.isCut,
    pins: shownPins(pins, known),
    preparations: preparations
      .filter(({ preparedAt, preparerId, review }) => preparedAt || preparerId === tx.actor.id || review)
      .map(({ caseId: _case, preparerId, preparedAt, fixed, ...one }) => ({
        ...one,
        by: names.get(preparerId) ?? preparerId,
        isMine: preparerId === tx.actor.id,
        preparedAt: preparedAt?.toISOString(),
        // Amended since: what was prepared may not be what stands.
        changedReports: fixed ? changedReports(known.seen, fixed) : [],
      })),
    present: await presentFor(tx, meeting, found.id),
    members: members.map(({ personId, worksFor, part }) => ({
      ...{ personId, worksFor, part },
      name: names.get(personId) ?? personId,
    })),
    outcome: await showOutcome(tx, found.id),
    may: {
      sign: facts.isChair,
      review:
        tx.actor.kind === "person" && tx.actor.activities.includes("report") && facts.part !== undefined,
      deliver: organisationOf(tx.actor) === meeting.organisation || facts.isChair,
    },
  };
}

/** A case as it is shown in the room: whom it is about, what was prepared, and what is decided. */
export const readCase = defineAction({
  name: "room.read-case",
  display: "of-its-list",
  input: z.object({ caseId: z.uuid() }),
  policy: mayReadOutcome,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  run: async (tx, _input, facts) => ({ shown: await shownCase(tx, facts), patientId: facts.found.patientId }),
  after: async (_ctx, done) => done.shown,
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId },
    }),
  },
});

/**
 * What the next case shows first, before it is called: ids alone, for its first image to be fetched. It counts as fetched ahead.
 */
export const readAhead = defineAction({
  name: "room.read-ahead",
  display: "of-its-list",
  input: z.object({ caseId: z.uuid() }),
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId }, { found }) {
    const { rows } = await studiesOf(tx, found.patientId);
    const pins = await findPins(tx, [caseId]);
    return {
      pins: pins.map(({ id, kind, studyId, markId }) => ({
        ...{ id, kind, studyId, markId },
        isThere: rows.some((row) => row.studyId === studyId),
      })),
      studies: rows.map(({ studyId, firstSeriesId }) => ({ studyId, firstSeriesId })),
      patientId: found.patientId,
    };
  },
  after: async (_ctx, { pins, studies }) => ({ pins, studies }),
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      isPrefetch: true,
      detail: { caseId },
    }),
  },
});
