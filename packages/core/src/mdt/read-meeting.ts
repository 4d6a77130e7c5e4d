import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findCases, findCasesOfPatients, findRemoved } from "./case.store.ts";
import { type Gathered, type GatheredCase, gather } from "./gather.ts";
import { shownMeeting } from "./list-meetings.ts";
import { mayListFor, maySeeMeeting } from "./mdt.policy.ts";
import { meetingFacts } from "./meeting-facts.ts";
import { lackedFrom, missingText } from "./missing-text.ts";
import { readCursor } from "./standing.store.ts";

/** Patients are on no other list that is neither over nor so long ago. */
const DUPLICATE_DAYS = 28;

const shownStudy = ({ row, ...rest }: GatheredCase["studies"][number]) => ({
  ...rest,
  studyId: row.studyId,
  custodian: row.custodian,
  description: row.description,
  modalities: row.modalities,
  studyDate: row.studyDate,
  completeness: row.completeness,
  sides: row.side.images,
  sideWarning: row.side.warning,
  reportState: row.reportState,
});

type Elsewhere = { meetingId: string; name: string; startsAt: string };

type Shown = { elsewhere: readonly Elsewhere[]; mayList: boolean };

function shownCase(gathered: GatheredCase, { elsewhere, mayList }: Shown) {
  const { found, asks, pathology, studies, ...rest } = gathered;
  const { addedAt, changedAt, ...own } = found;
  return {
    ...own,
    ...rest,
    addedAt: addedAt.toISOString(),
    changedAt: changedAt.toISOString(),
    studies: studies.map(shownStudy),
    asks: asks.map(({ askedAt, remindedAt, saidAt, told, ...ask }) => ({
      ...ask,
      /** What became of the message to a colleague is for who asks them. */
      told: mayList && told ? { state: told.state, at: told.at?.toISOString() } : undefined,
      askedAt: askedAt.toISOString(),
      remindedAt: remindedAt?.toISOString(),
      saidAt: saidAt?.toISOString(),
    })),
    pathology: pathology && { ...pathology, notedAt: pathology.notedAt.toISOString() },
    /** Other lists that this patient is on. */
    elsewhere,
  };
}

async function elsewhereOf(
  tx: Tx,
  { cases }: Gathered,
  meetingId: string,
): Promise<Map<string, Elsewhere[]>> {
  const since = new Date(tx.now.getTime() - DUPLICATE_DAYS * 86_400_000);
  const patientIds = cases.filter(({ identity }) => identity).map(({ found }) => found.patientId);
  const others = await findCasesOfPatients(tx, patientIds, since);
  const byPatient = new Map<string, Elsewhere[]>();
  for (const { patientId, startsAt, ...other } of others.filter((one) => one.meetingId !== meetingId))
    byPatient.set(patientId, [
      ...(byPatient.get(patientId) ?? []),
      { meetingId: other.meetingId, name: other.name, startsAt: startsAt.toISOString() },
    ]);
  return byPatient;
}

/** What is missing, for each of those from whom it is, as text. A restricted case is a number alone. */
function missingOf(name: string, { cases }: Gathered) {
  const lacking = cases.map(({ identity, readiness }, at) => ({
    number: at + 1,
    patient: identity ? `${identity.family.toUpperCase()}, ${identity.given}` : "restricted",
    aspects: readiness.aspects,
  }));
  return lackedFrom(lacking).map((from) => ({ from, text: missingText(name, from, lacking) }));
}

/**
 * One meeting: its cases in their order, each with what the region holds for it and how ready it is. As many statements for sixty
 * cases as for one.
 *
 * @throws {NotFound} `MEETING_NOT_FOUND`
 * @throws {AccessDenied} `not-your-meeting`, `not-published`
 */
export const readMeeting = defineAction({
  name: "mdt.read-meeting",
  input: z.object({ meetingId: z.uuid() }),
  policy: maySeeMeeting,
  load: (tx, { meetingId }) => meetingFacts(tx, meetingId),
  async run(tx, { meetingId }, facts) {
    const changeCursor = await readCursor(tx);
    const found = await findCases(tx, [meetingId]);
    const gathered = await gather(tx, found, [facts.meeting]);
    const elsewhere = await elsewhereOf(tx, gathered, meetingId);
    const names = await namesOf(
      tx,
      facts.members.map(({ personId }) => personId),
    );
    const mayList = mayListFor.decide(tx.actor, facts).allowed;
    return {
      changeCursor,
      now: tx.now.toISOString(),
      meeting: shownMeeting(facts.meeting),
      mayList,
      members: facts.members.map(({ seriesId: _, ...member }) => ({
        ...member,
        name: names.get(member.personId) ?? member.personId,
      })),
      people: Object.fromEntries(gathered.people),
      trusts: Object.fromEntries(gathered.trusts),
      cases: gathered.cases.map((one) =>
        shownCase(one, { elsewhere: elsewhere.get(one.found.patientId) ?? [], mayList }),
      ),
      missing: missingOf(`${facts.meeting.name}, ${facts.meeting.heldOn}`, gathered),
      removed: (await findRemoved(tx, meetingId)).length,
    };
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ meetingId }, done) => ({ detail: { meetingId, cases: done?.cases.length ?? 0 } }),
  },
});
