import { Invalid, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { nextPosition, putOnList, requireAhead } from "./add-cases.ts";
import { findCases, type NewCase } from "./case.store.ts";
import type { MeetingCase } from "./case.ts";
import { lockMeeting } from "./meeting.store.ts";
import type { KnownMeeting } from "./meeting-facts.ts";
import { findStanding } from "./standing.store.ts";

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

type Said = Pick<
  NewCase,
  "matchedHow" | "source" | "sourceId" | "basis" | "basisWords" | "question" | "referrer"
>;

/** One patient, who is known already, onto a list. @throws {Invalid} `LISTED_ALREADY`, `MEETING_OVER`, `MEMBER_MUST_LIST` */
export async function listPatient(
  tx: Tx,
  list: KnownMeeting,
  { patientId, said }: { patientId: string; said: Said },
): Promise<MeetingCase | undefined> {
  await refuseTwice(tx, list, patientId);
  const { id: meetingId, organisation } = list.meeting;
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const record = records.find(({ custodian }) => custodian === organisation) ?? records[0];
  if (!record) return undefined;
  const position = await nextPosition(tx, meetingId);
  const [added] = await putOnList(tx, list, [
    {
      ...{ meetingId, organisation, patientRecordId: record.id, patientId, position, ...said },
      ...{ pathway: "", targetDate: undefined },
      ...(await actFor(tx, patientId, list)),
    },
  ]);
  return added;
}
