import { Prisma } from "@weald/db";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import {
  ASPECTS,
  type AspectName,
  BASES,
  CASE_STATES,
  type CaseState,
  Fixed,
  MATCHED_HOW,
  type MeetingCase,
  OUTSIDE_STATES,
  type OutsideState,
  PATHOLOGY_STATES,
  type PathologyState,
  SOURCES,
  STUDY_PARTS,
  type StudyPart,
} from "./case.ts";
import { TemplateLine } from "./meeting.ts";

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

const dayOf = (date: Date | null) => date?.toISOString().slice(0, 10);
const oneOf = <T extends string>(all: readonly T[], value: string, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;

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
  side: row.side ?? undefined,
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
> & { targetDate: string | undefined; sourceId?: string; actOf?: string };

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
    data: cases.map(({ targetDate, sourceId, actOf, ...one }) => ({
      ...one,
      ...by,
      targetDate: targetDate ? new Date(targetDate) : null,
      sourceId: sourceId ?? null,
      actOf: actOf ?? null,
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

/** What hangs on cases, each kind in one statement. */
export async function findDecided(tx: Tx, caseIds: readonly string[]) {
  const rows = await databaseOf(tx).caseStudy.findMany({
    where: { caseId: { in: [...caseIds] } },
    select: { caseId: true, studyId: true, part: true },
  });
  return rows.map(({ part, ...row }): { caseId: string; studyId: string; part: StudyPart } => ({
    ...row,
    part: oneOf(STUDY_PARTS, part, "prior"),
  }));
}

export async function decideStudy(
  tx: Tx,
  { id: caseId, organisation }: MeetingCase,
  { studyId, part }: { studyId: string; part: StudyPart },
): Promise<void> {
  const said = { part, decidedBy: tx.actor.id, decidedAt: tx.now };
  await databaseOf(tx).caseStudy.upsert({
    where: { caseId_studyId: { caseId, studyId } },
    create: { caseId, studyId, organisation, ...said },
    update: said,
    select: { caseId: true },
  });
}

export const findPins = (tx: Tx, caseIds: readonly string[]) =>
  databaseOf(tx).casePin.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: { id: true, caseId: true, studyId: true, kind: true, words: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });

export type RequirementRow = {
  id: string;
  caseId: string;
  kind: TemplateLine["kind"];
  label: string;
  modalities: string[];
  regions: TemplateLine["regions"];
  maxAgeDays: number | undefined;
  isFromTemplate: boolean;
  metByStudyId: string | undefined;
  metByWords: string | undefined;
  metOn: string | undefined;
  metAt: string | undefined;
  waivedReason: string | undefined;
  version: number;
};

export async function findRequirements(tx: Tx, caseIds: readonly string[]): Promise<RequirementRow[]> {
  const rows = await databaseOf(tx).caseRequirement.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: {
      id: true,
      caseId: true,
      kind: true,
      label: true,
      modalities: true,
      regions: true,
      maxAgeDays: true,
      isFromTemplate: true,
      metByStudyId: true,
      metByWords: true,
      metOn: true,
      metAt: true,
      waivedReason: true,
      version: true,
    },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({
    ...row,
    kind: TemplateLine.shape.kind.parse(row.kind),
    regions: TemplateLine.shape.regions.parse(row.regions),
    maxAgeDays: row.maxAgeDays ?? undefined,
    metByStudyId: row.metByStudyId ?? undefined,
    metByWords: row.metByWords ?? undefined,
    metOn: dayOf(row.metOn),
    metAt: row.metAt ?? undefined,
    waivedReason: row.waivedReason ?? undefined,
  }));
}

export async function addRequirement(tx: Tx, { id: caseId, organisation }: MeetingCase, line: TemplateLine) {
  const { maxAgeDays, ...rest } = line;
  const row = await databaseOf(tx).caseRequirement.create({
    data: {
      ...{
        caseId,
        organisation,
        position: 1000,
        isFromTemplate: false,
        addedBy: tx.actor.id,
        addedAt: tx.now,
      },
      ...rest,
      maxAgeDays: maxAgeDays ?? null,
    },
    select: { id: true },
  });
  return row.id;
}

export type RequirementChange = Partial<{
  metByStudyId: string | null;
  metByWords: string | null;
  metOn: Date | null;
  metAt: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  waivedReason: string | null;
  waivedBy: string | null;
  waivedAt: Date | null;
  removedAt: Date | null;
}>;

/** @returns whether nobody else was first. */
export async function changeRequirement(
  tx: Tx,
  where: { id: string; caseId: string; version: number },
  change: RequirementChange,
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseRequirement.updateMany({
    where,
    data: { ...change, version: where.version + 1 },
  });
  return count === 1;
}

export type AskRow = {
  id: string;
  caseId: string;
  about: AspectName | "other";
  requirementId: string | undefined;
  askedOfId: string | undefined;
  askedOf: string;
  words: string;
  askedBy: string;
  askedAt: Date;
  remindedAt: Date | undefined;
  reminders: number;
  said: string | undefined;
  saidAt: Date | undefined;
  version: number;
};

const askColumns = {
  id: true,
  caseId: true,
  about: true,
  requirementId: true,
  askedOfId: true,
  askedOf: true,
  words: true,
  askedBy: true,
  askedAt: true,
  remindedAt: true,
  reminders: true,
  said: true,
  saidAt: true,
  version: true,
} as const;

const shapeAsk = (row: Prisma.CaseAskGetPayload<{ select: typeof askColumns }>): AskRow => ({
  ...row,
  about: ASPECTS.find((one) => one === row.about) ?? "other",
  requirementId: row.requirementId ?? undefined,
  askedOfId: row.askedOfId ?? undefined,
  remindedAt: row.remindedAt ?? undefined,
  said: row.said ?? undefined,
  saidAt: row.saidAt ?? undefined,
});

/** Those that still stand. */
export async function findAsks(tx: Tx, caseIds: readonly string[]): Promise<AskRow[]> {
  const rows = await databaseOf(tx).caseAsk.findMany({
    where: { caseId: { in: [...caseIds] }, endedAt: null },
    select: askColumns,
    orderBy: [{ askedAt: "asc" }, { id: "asc" }],
  });
  return rows.map(shapeAsk);
}

export async function findAsk(tx: Tx, id: string): Promise<AskRow | undefined> {
  const row = await databaseOf(tx).caseAsk.findFirst({ where: { id, endedAt: null }, select: askColumns });
  return row ? shapeAsk(row) : undefined;
}

/** What one person is asked, of meetings that aren't over. */
export async function findAsksOf(tx: Tx, personId: string): Promise<AskRow[]> {
  const rows = await databaseOf(tx).caseAsk.findMany({
    where: {
      askedOfId: personId,
      endedAt: null,
      case: { state: "listed", meeting: { endsAt: { gte: tx.now }, state: { not: "cancelled" } } },
    },
    select: askColumns,
    orderBy: [{ askedAt: "asc" }, { id: "asc" }],
    take: 200,
  });
  return rows.map(shapeAsk);
}

export type NewAsk = Pick<AskRow, "about" | "requirementId" | "askedOfId" | "askedOf" | "words">;

export async function insertAsk(
  tx: Tx,
  { id: caseId, organisation }: MeetingCase,
  ask: NewAsk,
): Promise<string> {
  const { requirementId, askedOfId, ...rest } = ask;
  const row = await databaseOf(tx).caseAsk.create({
    data: {
      ...rest,
      ...{ caseId, organisation, askedBy: tx.actor.id, askedAt: tx.now },
      requirementId: requirementId ?? null,
      askedOfId: askedOfId ?? null,
    },
    select: { id: true },
  });
  return row.id;
}

export async function remindOf(tx: Tx, askId: string): Promise<void> {
  await databaseOf(tx).caseAsk.update({
    where: { id: askId },
    data: { remindedAt: tx.now, reminders: { increment: 1 }, version: { increment: 1 } },
    select: { id: true },
  });
}

export async function noteSaid(tx: Tx, askId: string, said: string): Promise<void> {
  await databaseOf(tx).caseAsk.update({
    where: { id: askId },
    data: { said, saidBy: tx.actor.id, saidAt: tx.now, version: { increment: 1 } },
    select: { id: true },
  });
}

export async function endAsks(
  tx: Tx,
  askIds: readonly string[],
  why: "no-longer-missing" | "withdrawn",
): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { id: { in: [...askIds] }, endedAt: null },
    data: { endedAt: tx.now, endedWhy: why },
  });
}

export type OutsideRow = {
  id: string;
  caseId: string;
  heldBy: string;
  what: string;
  askedOf: string;
  askedOn: string;
  state: OutsideState;
  said: string;
  version: number;
};

export async function findOutside(tx: Tx, caseIds: readonly string[]): Promise<OutsideRow[]> {
  const rows = await databaseOf(tx).caseOutsideLine.findMany({
    where: { caseId: { in: [...caseIds] }, removedAt: null },
    select: {
      id: true,
      caseId: true,
      heldBy: true,
      what: true,
      askedOf: true,
      askedOn: true,
      state: true,
      said: true,
      version: true,
    },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => ({
    ...row,
    askedOn: dayOf(row.askedOn) ?? "",
    state: oneOf(OUTSIDE_STATES, row.state, "asked"),
  }));
}

export type OutsideSaid = Pick<OutsideRow, "heldBy" | "what" | "askedOf" | "askedOn" | "state" | "said">;

export async function insertOutside(
  tx: Tx,
  { id: caseId, organisation }: MeetingCase,
  said: OutsideSaid,
): Promise<string> {
  const row = await databaseOf(tx).caseOutsideLine.create({
    data: {
      ...said,
      ...{ caseId, organisation, changedBy: tx.actor.id, changedAt: tx.now },
      askedOn: new Date(said.askedOn),
    },
    select: { id: true },
  });
  return row.id;
}

/** @returns whether nobody else was first. */
export async function changeOutside(
  tx: Tx,
  where: { id: string; caseId: string; version: number },
  change: Partial<{ state: OutsideState; said: string; removedAt: Date }>,
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseOutsideLine.updateMany({
    where,
    data: { ...change, version: where.version + 1, changedBy: tx.actor.id, changedAt: tx.now },
  });
  return count === 1;
}

export type PathologyRow = {
  caseId: string;
  state: PathologyState;
  words: string;
  source: string;
  reportedOn: string | undefined;
  notedAt: Date;
};

/** The newest of each case. */
export async function findPathology(tx: Tx, caseIds: readonly string[]): Promise<PathologyRow[]> {
  const rows = await databaseOf(tx).casePathology.findMany({
    where: { caseId: { in: [...caseIds] } },
    select: { caseId: true, state: true, words: true, source: true, reportedOn: true, notedAt: true },
    orderBy: [{ notedAt: "desc" }, { id: "desc" }],
    distinct: ["caseId"],
  });
  return rows.map((row) => ({
    ...row,
    state: oneOf(PATHOLOGY_STATES, row.state, "awaited"),
    reportedOn: dayOf(row.reportedOn),
  }));
}

export async function insertPathology(
  tx: Tx,
  { id: caseId, organisation }: MeetingCase,
  { reportedOn, ...said }: Pick<PathologyRow, "state" | "words" | "source" | "reportedOn">,
): Promise<void> {
  await databaseOf(tx).casePathology.create({
    data: {
      ...said,
      ...{ caseId, organisation, notedBy: tx.actor.id, notedAt: tx.now },
      reportedOn: reportedOn ? new Date(reportedOn) : null,
    },
    select: { id: true },
  });
}

export async function findPrepared(tx: Tx, caseIds: readonly string[]) {
  const rows = await databaseOf(tx).casePreparation.findMany({
    where: { caseId: { in: [...caseIds] }, preparedAt: { not: null } },
    select: { caseId: true, preparerId: true, preparedAt: true, fixed: true },
    orderBy: { preparedAt: "asc" },
  });
  return rows.map(({ fixed, ...row }) => ({
    ...row,
    fixed: Fixed.parse(fixed ?? { studies: [], reports: [] }),
  }));
}

export type Standing = { patientId: string; classes: string[]; relationships: string[]; isOwn: boolean };

/** What of these patients decides whether this actor may know who they are: one statement. */
export async function findStanding(tx: Tx, patientIds: readonly string[]): Promise<Standing[]> {
  return databaseOf(tx).$queryRaw<Standing[]>`
    SELECT p.id::text AS "patientId",
      ARRAY(SELECT DISTINCT unnest(m.classes) FROM sensitive_mark m WHERE m.patient_id = p.id) AS classes,
      ARRAY(SELECT DISTINCT l.kind FROM relationship l WHERE l.patient_id = p.id AND l.person_id = ${tx.actor.id} AND l.study_id IS NULL
        AND l.starts_at <= ${tx.now}::timestamptz AND l.ends_at > ${tx.now}::timestamptz) AS relationships,
      EXISTS (SELECT 1 FROM own_record o WHERE o.patient_id = p.id AND o.person_id = ${tx.actor.id} AND o.ended_at IS NULL) AS "isOwn"
    FROM unnest(${[...new Set(patientIds)]}::uuid[]) AS p(id)`;
}

/** The cursor of a page: every transaction below it had ended when it was read. */
export async function readCursor(tx: Tx): Promise<string> {
  const [row] = await databaseOf(tx).$queryRaw<
    { xmin: string }[]
  >`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin`;
  return row?.xmin ?? "0";
}

/** Whether a meeting, a case of it, or a study or booking of one of its patients was changed at or above the cursor. */
export async function hasMeetingChanged(
  tx: Tx,
  meetingIds: readonly string[],
  cursor: string,
): Promise<boolean> {
  const ids = Prisma.sql`${[...meetingIds]}::uuid[]`;
  const [row] = await databaseOf(tx).$queryRaw<{ changed: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM meeting m WHERE m.id = ANY (${ids}) AND m.changed_xid >= ${cursor}::bigint)
      OR EXISTS (SELECT 1 FROM meeting_case c WHERE c.meeting_id = ANY (${ids}) AND c.changed_xid >= ${cursor}::bigint)
      OR EXISTS (SELECT 1 FROM study s WHERE s.changed_xid >= ${cursor}::bigint
        AND s.patient_id IN (SELECT c.patient_id FROM meeting_case c WHERE c.meeting_id = ANY (${ids})))
      OR EXISTS (SELECT 1 FROM imaging_request r WHERE r.changed_xid >= ${cursor}::bigint
        AND r.patient_id IN (SELECT c.patient_id FROM meeting_case c WHERE c.meeting_id = ANY (${ids}))) AS changed`;
  return row?.changed ?? false;
}
