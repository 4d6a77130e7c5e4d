import { NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import { findCase, findCasesByIds } from "./case.store.ts";
import type { MeetingCase } from "./case.ts";
import type { MeetingFacts } from "./mdt.policy.ts";
import { findMeeting, findMembers, findSeries, type MemberRow } from "./meeting.store.ts";
import type { Meeting, Series } from "./meeting.ts";

export const isOpenToMembers = ({ state, visibleUntil }: Meeting, now: Date): boolean =>
  state === "published" && visibleUntil !== undefined && visibleUntil > now;

/** As what the actor belongs to it: for the trust under which they act now. */
export const partIn = (tx: Tx, members: readonly MemberRow[]): MeetingFacts["part"] =>
  members.find(({ personId, worksFor }) => personId === tx.actor.id && worksFor === organisationOf(tx.actor))
    ?.part;

export type KnownMeeting = MeetingFacts & { meeting: Meeting; members: MemberRow[] };

export const noSuchMeeting = () => new NotFound("MEETING_NOT_FOUND", "There is no such meeting.");
export const noSuchCase = () => new NotFound("CASE_NOT_FOUND", "There is no such case.");

/** @throws {NotFound} `MEETING_NOT_FOUND` */
export async function meetingFacts(tx: Tx, meetingId: string): Promise<KnownMeeting> {
  const meeting = await findMeeting(tx, meetingId);
  if (!meeting) throw noSuchMeeting();
  const members = await findMembers(tx, [meeting.seriesId]);
  return {
    organisation: meeting.organisation,
    part: partIn(tx, members),
    isOpenToMembers: isOpenToMembers(meeting, tx.now),
    meeting,
    members,
  };
}

export type KnownCase = KnownMeeting & { found: MeetingCase };

/** @throws {NotFound} `CASE_NOT_FOUND` */
export async function caseFacts(tx: Tx, caseId: string): Promise<KnownCase> {
  const found = await findCase(tx, caseId);
  if (!found) throw noSuchCase();
  return { ...(await meetingFacts(tx, found.meetingId)), found };
}

export type KnownSeries = MeetingFacts & { series: Series; members: MemberRow[] };

/** @throws {NotFound} `SERIES_NOT_FOUND` */
export async function seriesFacts(tx: Tx, seriesId: string): Promise<KnownSeries> {
  const series = await findSeries(tx, seriesId);
  if (!series) throw new NotFound("SERIES_NOT_FOUND", "There is no such series of meetings.");
  const members = await findMembers(tx, [series.id]);
  return {
    organisation: series.organisation,
    part: partIn(tx, members),
    isOpenToMembers: false,
    series,
    members,
  };
}

/** Cases that are all of one meeting. @throws {NotFound} `CASE_NOT_FOUND` */
export async function casesFacts(tx: Tx, meetingId: string, caseIds: readonly string[]) {
  const known = await meetingFacts(tx, meetingId);
  const cases = await findCasesByIds(tx, caseIds);
  if (cases.length !== caseIds.length || cases.some((one) => one.meetingId !== meetingId)) throw noSuchCase();
  return { ...known, cases };
}
