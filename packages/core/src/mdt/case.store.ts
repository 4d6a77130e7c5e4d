import type { Prisma } from "@weald/db";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import {
  BASES,
  CASE_SIDES,
  CASE_STATES,
  type CaseSide,
  type CaseState,
  MATCHED_HOW,
  type MeetingCase,
  SOURCES,
} from "./case.ts";
import type { TemplateLine } from "./meeting.ts";
import { dayOf, oneOf } from "./stored.ts";

const columns = {
  id: true,
  meetingId: true,
  organisation: true,
  patientRecordId: true,
  patientId: true,
  matchedHow: true,
  state: true,
  source: true,
  sourceId: true,
  basis: true,
  basisWords: true,
  actOf: true,
  question: true,
  questionVersion: true,
  referrer: true,
  targetDate: true,
  pathway: true,
  procedure: true,
  side: true,
  detailsVersion: true,
  position: true,
  groupName: true,
  placeVersion: true,
  presenterId: true,
  radiologistId: true,
  site: true,
  peopleVersion: true,
  addedBy: true,
  addedAt: true,
  removedReason: true,
  changedBy: true,
  changedAt: true,
} as const;

type Row = Prisma.MeetingCaseGetPayload<{ select: typeof columns }>;

const shape = ({
  questionVersion,
  detailsVersion,
  placeVersion,
  peopleVersion,
  ...row
}: Row): MeetingCase => ({
  ...row,
  matchedHow: oneOf(MATCHED_HOW, row.matchedHow, "confirmed"),
  state: oneOf(CASE_STATES, row.state, "listed"),
  source: oneOf(SOURCES, row.source, "by-hand"),
  basis: oneOf(BASES, row.basis, "request"),
  sourceId: row.sourceId ?? undefined,
  actOf: row.actOf ?? undefined,
  targetDate: dayOf(row.targetDate),
  side: CASE_SIDES.find((one) => one === row.side),
  presenterId: row.presenterId ?? undefined,
  radiologistId: row.radiologistId ?? undefined,
  removedReason: row.removedReason ?? undefined,
  versions: {
    question: questionVersion,
    details: detailsVersion,
    place: placeVersion,
    people: peopleVersion,
  },
});

const MOST_CASES = 500;

export async function findCase(tx: Tx, id: string): Promise<MeetingCase | undefined> {
  const row = await databaseOf(tx).meetingCase.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function findCasesByIds(tx: Tx, ids: readonly string[]): Promise<MeetingCase[]> {
  const rows = await databaseOf(tx).meetingCase.findMany({
    where: { id: { in: [...ids] } },
    select: columns,
  });
  return rows.map(shape);
}

/** Those on the lists, in their order; what was taken off is found by `findRemoved`. */
export async function findCases(tx: Tx, meetingIds: readonly string[]): Promise<MeetingCase[]> {
  const rows = await databaseOf(tx).meetingCase.findMany({
    where: { meetingId: { in: [...meetingIds] }, state: { not: "removed" } },
    select: columns,
    orderBy: [{ position: "asc" }, { id: "asc" }],
    take: MOST_CASES,
  });
  return rows.map(shape);
}

export async function findRemoved(tx: Tx, meetingId: string): Promise<MeetingCase[]> {
  const rows = await databaseOf(tx).meetingCase.findMany({
    where: { meetingId, state: "removed" },
    select: columns,
    orderBy: [{ removedAt: "desc" }],
    take: MOST_CASES,
  });
  return rows.map(shape);
}

/** Cases that name somebody as their radiologist, on published lists that aren't over; the soonest first. */
export async function findCasesOfRadiologist(tx: Tx, personId: string, most: number): Promise<MeetingCase[]> {
  const rows = await databaseOf(tx).meetingCase.findMany({
    where: {
      ...{ radiologistId: personId, state: "listed" },
      meeting: { endsAt: { gt: tx.now }, state: "published", visibleUntil: { gt: tx.now } },
    },
    select: columns,
    orderBy: [{ meeting: { startsAt: "asc" } }, { meetingId: "asc" }, { position: "asc" }],
    take: most,
  });
  return rows.map(shape);
}

/** Cases of these patients on lists that aren't over, or of these on lists since then. */
export async function findCasesOfPatients(
  tx: Tx,
  patientIds: readonly string[],
  since: Date,
): Promise<{ id: string; patientId: string; meetingId: string; startsAt: Date; name: string }[]> {
  const rows = await databaseOf(tx).meetingCase.findMany({
    where: {
      patientId: { in: [...patientIds] },
      state: { not: "removed" },
      meeting: { endsAt: { gte: since }, state: { not: "cancelled" } },
    },
    select: {
      id: true,
      patientId: true,
      meetingId: true,
      meeting: { select: { startsAt: true, series: { select: { name: true } } } },
    },
    orderBy: { meeting: { startsAt: "asc" } },
    take: MOST_CASES * 4,
  });
  return rows.map(({ meeting, ...row }) => ({
    ...row,
    startsAt: meeting.startsAt,
    name: meeting.series.name,
  }));
}

export type NewCase = Pick<
  MeetingCase,
  | "meetingId"
  | "organisation"
  | "patientRecordId"
  | "patientId"
  | "matchedHow"
  | "source"
  | "basis"
  | "basisWords"
  | "question"
  | "referrer"
  | "pathway"
  | "position"
> & {
  targetDate: string | undefined;
  sourceId?: string;
  actOf?: string;
  /** Of a theatre list: what is to be done, and on which side. */
  procedure?: string;
  side?: CaseSide | undefined;
};

/** Writes cases with the lines of their meeting's template, in two statements. */
export async function insertCases(
  tx: Tx,
  cases: readonly NewCase[],
  template: readonly TemplateLine[],
): Promise<MeetingCase[]> {
  if (cases.length === 0) return [];
  const db = databaseOf(tx);
  const by = { addedBy: tx.actor.id, addedAt: tx.now };
  const rows = await db.meetingCase.createManyAndReturn({
    data: cases.map(({ targetDate, sourceId, actOf, side, ...one }) => ({
      ...one,
      ...by,
      targetDate: targetDate ? new Date(targetDate) : null,
      sourceId: sourceId ?? null,
      actOf: actOf ?? null,
      side: side ?? null,
      changedBy: tx.actor.id,
      changedAt: tx.now,
    })),
    select: columns,
  });
  await db.caseRequirement.createMany({
    data: rows.flatMap(({ id, organisation }) =>
      template.map((line, position) => ({
        ...{ caseId: id, organisation, position, isFromTemplate: true, ...by },
        ...{ kind: line.kind, label: line.label, modalities: line.modalities, regions: line.regions },
        maxAgeDays: line.maxAgeDays ?? null,
      })),
    ),
  });
  return rows.map(shape);
}

type CaseChange = Partial<{
  question: string;
  referrer: string;
  targetDate: Date | null;
  pathway: string;
  procedure: string;
  side: string | null;
  groupName: string;
  presenterId: string | null;
  radiologistId: string | null;
  site: string;
}>;

const VERSION_OF = {
  question: "questionVersion",
  details: "detailsVersion",
  place: "placeVersion",
  people: "peopleVersion",
} as const;

/** @returns whether nobody else was first with this group of fields. */
export async function changeCase(
  tx: Tx,
  {
    caseId,
    group,
    version,
    change,
  }: { caseId: string; group: keyof typeof VERSION_OF; version: number; change: CaseChange },
): Promise<boolean> {
  const column = VERSION_OF[group];
  const { count } = await databaseOf(tx).meetingCase.updateMany({
    where: { id: caseId, [column]: version },
    data: { ...change, [column]: version + 1, changedBy: tx.actor.id, changedAt: tx.now },
  });
  return count === 1;
}

export async function setCaseState(
  tx: Tx,
  caseId: string,
  { state, reason }: { state: CaseState; reason: string | undefined },
): Promise<void> {
  const isRemoved = state === "removed";
  await databaseOf(tx).meetingCase.update({
    where: { id: caseId },
    data: {
      state,
      removedReason: isRemoved ? (reason ?? "") : null,
      removedAt: isRemoved ? tx.now : null,
      removedBy: isRemoved ? tx.actor.id : null,
      changedBy: tx.actor.id,
      changedAt: tx.now,
    },
    select: { id: true },
  });
}

/** Puts cases into this order, in one statement. */
export async function orderCases(tx: Tx, meetingId: string, caseIds: readonly string[]): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE meeting_case c SET position = o.at::int, changed_by = ${tx.actor.id}, changed_at = ${tx.now}::timestamptz
    FROM unnest(${[...caseIds]}::uuid[]) WITH ORDINALITY AS o(id, at)
    WHERE c.id = o.id AND c.meeting_id = ${meetingId}::uuid AND c.position <> o.at`;
}
