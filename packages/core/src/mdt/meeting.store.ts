import { organisationOf, type Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import {
  type Meeting,
  type MeetingState,
  PARTS,
  type Part,
  QuorumRule,
  type Series,
  SeriesFields,
  TemplateLine,
} from "./meeting.ts";
import type { Occurrence } from "./occurrences.ts";

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const partOf = (part: string): Part => PARTS.find((one) => one === part) ?? "other";

const seriesColumns = {
  id: true,
  organisation: true,
  kind: true,
  name: true,
  specialty: true,
  weekday: true,
  everyWeeks: true,
  localTime: true,
  zone: true,
  durationMinutes: true,
  firstOn: true,
  lastOn: true,
  rooms: true,
  sites: true,
  chairId: true,
  cutOffHours: true,
  visibleHours: true,
  quorum: true,
  template: true,
  version: true,
  changedBy: true,
  endedAt: true,
} as const;

type SeriesRow = Omit<
  Series,
  "kind" | "zone" | "firstOn" | "lastOn" | "chairId" | "quorum" | "template" | "endedAt"
> & {
  kind: string;
  zone: string;
  firstOn: Date;
  lastOn: Date | null;
  chairId: string | null;
  quorum: unknown;
  template: unknown;
  endedAt: Date | null;
};

const shapeSeries = (row: SeriesRow): Series => ({
  ...row,
  kind: SeriesFields.shape.kind.parse(row.kind),
  zone: SeriesFields.shape.zone.parse(row.zone),
  firstOn: dayOf(row.firstOn),
  lastOn: row.lastOn ? dayOf(row.lastOn) : undefined,
  chairId: row.chairId ?? undefined,
  quorum: QuorumRule.array().parse(row.quorum),
  template: TemplateLine.array().parse(row.template),
  endedAt: row.endedAt ?? undefined,
});

const storedSeries = ({ firstOn, lastOn, ...fields }: SeriesFields) => ({
  ...fields,
  firstOn: new Date(firstOn),
  lastOn: lastOn ? new Date(lastOn) : null,
});

export async function createSeries(tx: Tx, organisation: string, fields: SeriesFields): Promise<Series> {
  const by = { madeBy: tx.actor.id, madeAt: tx.now, changedBy: tx.actor.id, changedAt: tx.now };
  const row = await databaseOf(tx).meetingSeries.create({
    data: { ...storedSeries(fields), organisation, ...by },
    select: seriesColumns,
  });
  return shapeSeries(row);
}

/** @returns nothing where somebody else was first. */
export async function updateSeries(
  tx: Tx,
  { seriesId, version, fields }: { seriesId: string; version: number; fields: SeriesFields },
): Promise<Series | undefined> {
  const { count } = await databaseOf(tx).meetingSeries.updateMany({
    where: { id: seriesId, version },
    data: { ...storedSeries(fields), version: version + 1, changedBy: tx.actor.id, changedAt: tx.now },
  });
  return count === 1 ? findSeries(tx, seriesId) : undefined;
}

export async function findSeries(tx: Tx, id: string): Promise<Series | undefined> {
  const row = await databaseOf(tx).meetingSeries.findUnique({ where: { id }, select: seriesColumns });
  return row ? shapeSeries(row) : undefined;
}

/** A trust's series, and those to which a person belongs. */
export async function findSeriesFor(
  tx: Tx,
  { organisation, personId }: { organisation: string | undefined; personId: string },
): Promise<Series[]> {
  const rows = await databaseOf(tx).meetingSeries.findMany({
    where: {
      endedAt: null,
      OR: [
        ...(organisation ? [{ organisation }] : []),
        { members: { some: { personId, endedAt: null, worksFor: organisationOf(tx.actor) ?? "" } } },
      ],
    },
    select: seriesColumns,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 200,
  });
  return rows.map(shapeSeries);
}

export type MemberRow = { seriesId: string; personId: string; worksFor: string; part: Part };

export async function findMembers(tx: Tx, seriesIds: readonly string[]): Promise<MemberRow[]> {
  const rows = await databaseOf(tx).meetingMember.findMany({
    where: { seriesId: { in: [...seriesIds] }, endedAt: null },
    select: { seriesId: true, personId: true, worksFor: true, part: true },
    orderBy: [{ addedAt: "asc" }, { id: "asc" }],
  });
  return rows.map(({ part, ...row }) => ({ ...row, part: partOf(part) }));
}

export async function putMember(tx: Tx, series: Series, member: Omit<MemberRow, "seriesId">): Promise<void> {
  const { personId, worksFor, part } = member;
  const said = { worksFor, part, addedBy: tx.actor.id, addedAt: tx.now, endedAt: null, endedBy: null };
  await databaseOf(tx).meetingMember.upsert({
    where: { seriesId_personId: { seriesId: series.id, personId } },
    create: { seriesId: series.id, organisation: series.organisation, personId, ...said },
    update: said,
    select: { id: true },
  });
  if (part === "chair") await setChair(tx, series.id, personId);
}

async function setChair(tx: Tx, seriesId: string, chairId: string): Promise<void> {
  const db = databaseOf(tx);
  await db.meetingSeries.update({ where: { id: seriesId }, data: { chairId }, select: { id: true } });
  await db.meeting.updateMany({ where: { seriesId, startsAt: { gt: tx.now } }, data: { chairId } });
}

export async function endMember(tx: Tx, seriesId: string, personId: string): Promise<void> {
  await databaseOf(tx).meetingMember.updateMany({
    where: { seriesId, personId, endedAt: null },
    data: { endedAt: tx.now, endedBy: tx.actor.id },
  });
}

const meetingColumns = {
  id: true,
  seriesId: true,
  organisation: true,
  heldOn: true,
  startsAt: true,
  endsAt: true,
  cutOffAt: true,
  rooms: true,
  chairId: true,
  note: true,
  state: true,
  publishedAt: true,
  visibleUntil: true,
  version: true,
  series: { select: { kind: true, name: true, specialty: true, zone: true, chairId: true, quorum: true } },
} as const;

type MeetingRow = Omit<
  Meeting,
  | "kind"
  | "name"
  | "specialty"
  | "zone"
  | "quorum"
  | "heldOn"
  | "state"
  | "chairId"
  | "publishedAt"
  | "visibleUntil"
> & {
  heldOn: Date;
  state: string;
  chairId: string | null;
  publishedAt: Date | null;
  visibleUntil: Date | null;
  series: {
    kind: string;
    name: string;
    specialty: string;
    zone: string;
    chairId: string | null;
    quorum: unknown;
  };
};

const stateOf = (state: string): MeetingState =>
  state === "published" || state === "cancelled" ? state : "open";

const shapeMeeting = ({
  series,
  heldOn,
  state,
  chairId,
  publishedAt,
  visibleUntil,
  ...row
}: MeetingRow): Meeting => ({
  ...row,
  ...series,
  kind: SeriesFields.shape.kind.parse(series.kind),
  quorum: QuorumRule.array().parse(series.quorum),
  heldOn: dayOf(heldOn),
  state: stateOf(state),
  chairId: chairId ?? series.chairId ?? undefined,
  publishedAt: publishedAt ?? undefined,
  visibleUntil: visibleUntil ?? undefined,
});

/** Makes those that aren't there; the times of those that are neither published nor over follow the series. */
export async function bringMeetings(tx: Tx, series: Series, days: readonly Occurrence[]): Promise<void> {
  const db = databaseOf(tx);
  const known = await db.meeting.findMany({
    where: { seriesId: series.id, heldOn: { in: days.map(({ heldOn }) => new Date(heldOn)) } },
    select: { id: true, heldOn: true, state: true },
  });
  const of = ({ visibleUntil: _until, heldOn, ...times }: Occurrence) => ({
    ...times,
    heldOn: new Date(heldOn),
  });
  const missing = days.filter(({ heldOn }) => !known.some((one) => dayOf(one.heldOn) === heldOn));
  await db.meeting.createMany({
    data: missing.map((day) => ({
      ...of(day),
      seriesId: series.id,
      organisation: series.organisation,
      rooms: series.rooms,
      chairId: series.chairId ?? null,
      changedBy: tx.actor.id,
      changedAt: tx.now,
    })),
    skipDuplicates: true,
  });
  for (const { id, heldOn, state } of known) {
    const day = days.find((one) => one.heldOn === dayOf(heldOn));
    if (day && state === "open")
      await db.meeting.update({
        where: { id },
        data: { ...of(day), rooms: series.rooms },
        select: { id: true },
      });
  }
}

export async function findMeeting(tx: Tx, id: string): Promise<Meeting | undefined> {
  const row = await databaseOf(tx).meeting.findUnique({ where: { id }, select: meetingColumns });
  return row ? shapeMeeting(row) : undefined;
}

export async function findMeetings(
  tx: Tx,
  { seriesIds, from, to }: { seriesIds: readonly string[]; from: Date; to: Date },
): Promise<Meeting[]> {
  const rows = await databaseOf(tx).meeting.findMany({
    where: { seriesId: { in: [...seriesIds] }, endsAt: { gte: from }, startsAt: { lt: to } },
    select: meetingColumns,
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: 100,
  });
  return rows.map(shapeMeeting);
}

export async function findMeetingsByIds(tx: Tx, ids: readonly string[]): Promise<Meeting[]> {
  const rows = await databaseOf(tx).meeting.findMany({
    where: { id: { in: [...ids] } },
    select: meetingColumns,
  });
  return rows.map(shapeMeeting);
}

/** Of the same series, before this one. */
export async function findEarlier(tx: Tx, meeting: Meeting, limit: number): Promise<Meeting[]> {
  const rows = await databaseOf(tx).meeting.findMany({
    where: { seriesId: meeting.seriesId, startsAt: { lt: meeting.startsAt } },
    select: meetingColumns,
    orderBy: { startsAt: "desc" },
    take: limit,
  });
  return rows.map(shapeMeeting);
}

type MeetingChange = Partial<{
  note: string;
  rooms: string[];
  state: MeetingState;
  publishedAt: Date | null;
  publishedBy: string | null;
  visibleUntil: Date | null;
}>;

/** @returns whether nobody else was first. */
export async function changeMeeting(
  tx: Tx,
  { meetingId, version, change }: { meetingId: string; version: number; change: MeetingChange },
): Promise<boolean> {
  const { count } = await databaseOf(tx).meeting.updateMany({
    where: { id: meetingId, version },
    data: { ...change, version: version + 1, changedBy: tx.actor.id, changedAt: tx.now },
  });
  return count === 1;
}

/** Holds a meeting's list for one writer: positions and duplicates are judged on what is there. */
export async function lockMeeting(tx: Tx, meetingId: string): Promise<void> {
  await databaseOf(tx).$queryRaw`SELECT id::text FROM meeting WHERE id = ${meetingId}::uuid FOR UPDATE`;
}
