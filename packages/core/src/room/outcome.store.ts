import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { Fixed, type MeetingCase } from "../mdt/index.ts";
import { isServedSeries, isServedStudy } from "../study/index.ts";
import {
  CHANGE_KINDS,
  CHANNELS,
  type Channel,
  type FoundChange,
  OPINIONS,
  type Opinion,
  OUTCOME_KINDS,
  type OutcomeKind,
  type OutcomeWords,
  Present,
  Staging,
  type StudyNow,
} from "./outcome.ts";

const oneOf = <T extends string>(all: readonly T[], value: string, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;
const day = (date: Date | null) => date?.toISOString().slice(0, 10);

const columns = {
  id: true,
  caseId: true,
  organisation: true,
  patientId: true,
  kind: true,
  decision: true,
  staging: true,
  opinion: true,
  opinionWords: true,
  opinionBy: true,
  deferralReason: true,
  version: true,
  changedBy: true,
  changedAt: true,
  signedBy: true,
  signedAt: true,
  fixed: true,
  present: true,
} as const;

export type Outcome = {
  id: string;
  caseId: string;
  organisation: string;
  patientId: string;
  kind: OutcomeKind;
  decision: string;
  staging: Staging | undefined;
  opinion: Opinion | undefined;
  opinionWords: string;
  opinionBy: string | undefined;
  deferralReason: string | undefined;
  version: number;
  changedBy: string;
  changedAt: Date;
  signed: { by: string; at: Date; fixed: Fixed; present: Present } | undefined;
};

const NOBODY: Present = { people: [], quorum: { isMet: false, missing: [] } };

function shape(row: Prisma.CaseOutcomeGetPayload<{ select: typeof columns }>): Outcome {
  const { signedBy, signedAt, fixed, present, staging, opinion, opinionBy, deferralReason, kind, ...rest } =
    row;
  return {
    ...rest,
    kind: oneOf(OUTCOME_KINDS, kind, "decided"),
    staging: staging === null ? undefined : Staging.parse(staging),
    opinion: opinion === null ? undefined : oneOf(OPINIONS, opinion, "differs-major"),
    opinionBy: opinionBy ?? undefined,
    deferralReason: deferralReason ?? undefined,
    signed:
      signedBy && signedAt
        ? {
            by: signedBy,
            at: signedAt,
            fixed: Fixed.parse(fixed ?? { studies: [], reports: [] }),
            present: Present.parse(present ?? NOBODY),
          }
        : undefined,
  };
}

export async function findOutcome(tx: Tx, caseId: string): Promise<Outcome | undefined> {
  const row = await databaseOf(tx).caseOutcome.findUnique({ where: { caseId }, select: columns });
  return row ? shape(row) : undefined;
}

/** Held until the end of the transaction: whoever signs and whoever writes come one after the other. */
export async function lockOutcome(tx: Tx, caseId: string): Promise<Outcome | undefined> {
  await databaseOf(tx).$queryRaw`SELECT 1 FROM case_outcome WHERE case_id = ${caseId}::uuid FOR UPDATE`;
  return findOutcome(tx, caseId);
}

export async function findOutcomeStates(tx: Tx, caseIds: readonly string[]) {
  return databaseOf(tx).caseOutcome.findMany({
    where: { caseId: { in: [...caseIds] } },
    select: { caseId: true, kind: true, signedAt: true },
  });
}

const jsonOf = (staging: Staging | null | undefined) => (staging ? { ...staging } : Prisma.DbNull);

/** @returns whether it was made: another editor may have been faster. */
export async function createOutcome(
  tx: Tx,
  { id: caseId, organisation, patientId }: Pick<MeetingCase, "id" | "organisation" | "patientId">,
  { staging, deferralReason, ...words }: OutcomeWords,
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseOutcome.createMany({
    data: [
      {
        ...{ caseId, organisation, patientId, ...words },
        staging: jsonOf(staging),
        deferralReason: deferralReason ?? null,
        changedBy: tx.actor.id,
        changedAt: tx.now,
      },
    ],
    skipDuplicates: true,
  });
  return count === 1;
}

/** @returns whether the version was the one that stands, and nobody had signed. */
export async function rewriteOutcome(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { staging, deferralReason, ...words }: OutcomeWords,
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseOutcome.updateMany({
    where: { id, version, signedAt: null },
    data: {
      ...words,
      staging: jsonOf(staging),
      deferralReason: deferralReason ?? null,
      version: { increment: 1 },
      changedBy: tx.actor.id,
      changedAt: tx.now,
    },
  });
  return count === 1;
}

export async function setOpinion(
  tx: Tx,
  id: string,
  { opinion, words }: { opinion: Opinion; words: string },
): Promise<void> {
  await databaseOf(tx).caseOutcome.update({
    where: { id },
    data: { opinion, opinionWords: words, opinionBy: tx.actor.id },
    select: { id: true },
  });
}

export async function signOutcome(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { fixed, present }: { fixed: Fixed; present: Present },
): Promise<boolean> {
  const { count } = await databaseOf(tx).caseOutcome.updateMany({
    where: { id, version, signedAt: null },
    data: { fixed, present, signedBy: tx.actor.id, signedAt: tx.now },
  });
  return count === 1;
}

const actionColumns = {
  ...{ id: true, position: true, what: true, ownerId: true, owner: true, dueOn: true },
  ...{ doneBy: true, doneAt: true, removedAt: true, version: true },
} as const;

export type OutcomeActionRow = {
  id: string;
  position: number;
  what: string;
  ownerId: string | undefined;
  owner: string;
  dueOn: string | undefined;
  doneBy: string | undefined;
  doneAt: Date | undefined;
  isRemoved: boolean;
  version: number;
};

export async function findActions(tx: Tx, outcomeId: string): Promise<OutcomeActionRow[]> {
  const rows = await databaseOf(tx).outcomeAction.findMany({
    where: { outcomeId },
    select: actionColumns,
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
  return rows.map(({ ownerId, dueOn, doneBy, doneAt, removedAt, ...row }) => ({
    ...row,
    ownerId: ownerId ?? undefined,
    dueOn: day(dueOn),
    doneBy: doneBy ?? undefined,
    doneAt: doneAt ?? undefined,
    isRemoved: removedAt !== null,
  }));
}

export type ActionWords = {
  what: string;
  owner: string;
  ownerId: string | undefined;
  dueOn: string | undefined;
  isRemoved: boolean;
};

/** @returns whether it was made: the same id sent twice makes one. */
export async function createAction(
  tx: Tx,
  { id: outcomeId, organisation }: Pick<Outcome, "id" | "organisation">,
  { actionId, position, words }: { actionId: string; position: number; words: ActionWords },
): Promise<boolean> {
  const { what, owner, ownerId, dueOn } = words;
  const { count } = await databaseOf(tx).outcomeAction.createMany({
    data: [
      {
        ...{ id: actionId, outcomeId, organisation, position, what, owner },
        ownerId: ownerId ?? null,
        dueOn: dueOn ? new Date(dueOn) : null,
      },
    ],
    skipDuplicates: true,
  });
  return count === 1;
}

export async function rewriteAction(
  tx: Tx,
  { actionId, outcomeId, version }: { actionId: string; outcomeId: string; version: number },
  { what, owner, ownerId, dueOn, isRemoved }: ActionWords,
): Promise<boolean> {
  const { count } = await databaseOf(tx).outcomeAction.updateMany({
    where: { id: actionId, outcomeId, version },
    data: {
      ...{ what, owner, ownerId: ownerId ?? null, version: { increment: 1 } },
      dueOn: dueOn ? new Date(dueOn) : null,
      removedAt: isRemoved ? tx.now : null,
    },
  });
  return count === 1;
}

export async function setActionDone(tx: Tx, actionId: string, isDone: boolean): Promise<void> {
  await databaseOf(tx).outcomeAction.update({
    where: { id: actionId },
    data: { doneBy: isDone ? tx.actor.id : null, doneAt: isDone ? tx.now : null },
    select: { id: true },
  });
}

export async function isOwnerOf(tx: Tx, caseId: string): Promise<boolean> {
  const row = await databaseOf(tx).outcomeAction.findFirst({
    where: { ownerId: tx.actor.id, removedAt: null, outcome: { caseId } },
    select: { id: true },
  });
  return row !== null;
}

export async function appendAddendum(
  tx: Tx,
  { id: outcomeId, organisation }: Pick<Outcome, "id" | "organisation">,
  words: string,
): Promise<void> {
  await databaseOf(tx).outcomeAddendum.create({
    data: { outcomeId, organisation, words, writtenBy: tx.actor.id, writtenAt: tx.now },
    select: { id: true },
  });
}

export const findAddenda = (tx: Tx, outcomeId: string) =>
  databaseOf(tx).outcomeAddendum.findMany({
    where: { outcomeId },
    select: { id: true, words: true, writtenBy: true, writtenAt: true },
    orderBy: [{ writtenAt: "asc" }, { id: "asc" }],
  });

export async function findChanges(tx: Tx, outcomeId: string) {
  const rows = await databaseOf(tx).outcomeChange.findMany({
    where: { outcomeId },
    select: { kind: true, subjectId: true, version: true, foundAt: true },
    distinct: ["kind", "subjectId", "version"],
    orderBy: [{ foundAt: "asc" }],
  });
  return rows.map(({ kind, ...row }) => ({ ...row, kind: oneOf(CHANGE_KINDS, kind, "study-corrected") }));
}

export const findDeliveries = (tx: Tx, outcomeId: string) =>
  databaseOf(tx).outcomeDelivery.findMany({
    where: { outcomeId },
    select: {
      ...{ id: true, channel: true, recipient: true, addenda: true, sentBy: true, sentAt: true },
      ...{ acknowledgedAt: true, acknowledgedBy: true },
    },
    orderBy: [{ sentAt: "asc" }, { id: "asc" }],
  });

export async function createDelivery(
  tx: Tx,
  { id: outcomeId, organisation }: Pick<Outcome, "id" | "organisation">,
  { channel, recipient, addenda }: { channel: Channel; recipient: string; addenda: number },
): Promise<void> {
  await databaseOf(tx).outcomeDelivery.create({
    data: { outcomeId, organisation, channel, recipient, addenda, sentBy: tx.actor.id, sentAt: tx.now },
    select: { id: true },
  });
}

export const channelOf = (channel: string): Channel => oneOf(CHANNELS, channel, "record");

export async function acknowledgeDelivery(
  tx: Tx,
  { deliveryId, outcomeId, by }: { deliveryId: string; outcomeId: string; by: string },
): Promise<boolean> {
  const { count } = await databaseOf(tx).outcomeDelivery.updateMany({
    where: { id: deliveryId, outcomeId, acknowledgedAt: null },
    data: { acknowledgedAt: tx.now, acknowledgedBy: by },
  });
  return count === 1;
}

const differenceColumns = {
  ...{ id: true, outcomeId: true, custodian: true, studyId: true, reportId: true, reportVersion: true },
  ...{ grade: true, words: true, openedBy: true, openedAt: true, closedVersion: true, closedAt: true },
} as const;

export const findDifferences = (tx: Tx, outcomeId: string) =>
  databaseOf(tx).reportDifference.findMany({
    where: { outcomeId },
    select: differenceColumns,
    orderBy: [{ openedAt: "asc" }, { id: "asc" }],
  });

export type NewDifference = {
  custodian: string;
  studyId: string;
  reportId: string;
  reportVersion: number;
  grade: "minor" | "major";
  words: string;
};

/** The same report is asked once: while it is open, saying it again only sharpens the words. */
export async function openDifference(
  tx: Tx,
  { id: outcomeId, organisation }: Pick<Outcome, "id" | "organisation">,
  { grade, words, ...of }: NewDifference,
): Promise<void> {
  const db = databaseOf(tx).reportDifference;
  const said = { grade, words };
  const { count } = await db.updateMany({
    where: { outcomeId, reportId: of.reportId, closedAt: null },
    data: said,
  });
  if (count > 0) return;
  await db.create({
    data: { outcomeId, organisation, ...of, ...said, openedBy: tx.actor.id, openedAt: tx.now },
    select: { id: true },
  });
}

/** Open ones of a trust's reports, the gravest and oldest first. */
export const findDifferencesOf = (tx: Tx, custodian: string, most: number) =>
  databaseOf(tx).$queryRaw<
    {
      differenceId: string;
      studyId: string;
      patientId: string;
      grade: string;
      words: string;
      openedAt: Date;
      openedBy: string;
      organisation: string;
      author: string | null;
      closedAt: Date | null;
    }[]
  >`
    SELECT d.id::text AS "differenceId", d.study_id::text AS "studyId", r.patient_id::text AS "patientId", d.grade, d.words,
      d.opened_at AS "openedAt", d.opened_by AS "openedBy", d.organisation, v.author, d.closed_at AS "closedAt"
    FROM report_difference d JOIN report r ON r.id = d.report_id
    LEFT JOIN report_version v ON v.report_id = d.report_id AND v.version = d.report_version
    WHERE d.custodian = ${custodian} AND d.closed_at IS NULL
    ORDER BY d.grade, d.opened_at LIMIT ${most}`;

/** A report has a version that it had not: what asked for it is answered. */
export async function closeDifferences(
  tx: Tx,
  { reportId, version }: { reportId: string; version: number },
): Promise<string[]> {
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    UPDATE report_difference SET closed_version = ${version}, closed_by = ${tx.actor.id}, closed_at = ${tx.now}::timestamptz
    WHERE report_id = ${reportId}::uuid AND closed_at IS NULL AND report_version < ${version} RETURNING id::text`;
  return rows.map(({ id }) => id);
}

/** A study as it is served now, and the newest final word on it, as our own functions know them. */
export async function findStudyNow(tx: Tx, studyId: string): Promise<StudyNow | undefined> {
  const [row] = await databaseOf(tx).$queryRaw<
    (Omit<StudyNow, "report" | "studyDate"> & {
      studyDate: string | null;
      reportId: string | null;
      reportVersion: number | null;
    })[]
  >`
    SELECT s.id::text AS "studyId", s.patient_id::text AS "patientId", s.served_version AS "servedVersion", s.received_at AS "receivedAt",
      s.study_date::text AS "studyDate", ${isServedStudy(Prisma.sql`s`)} AS "isServed",
      (SELECT coalesce(sum(e.instance_count), 0)::int FROM series e WHERE e.study_id = s.id AND ${isServedSeries(Prisma.sql`e`)}) AS images,
      r.id AS "reportId", r.version AS "reportVersion"
    FROM study s LEFT JOIN LATERAL (
      SELECT p.id::text AS id, v.version FROM report p JOIN report_version v ON v.report_id = p.id AND v.aside_at IS NULL
      WHERE p.custodian = s.custodian AND p.accession_number = s.accession_number AND p.patient_id = s.patient_id
        AND (s.accession_issuer IS NULL OR p.issuer = s.accession_issuer)
      ORDER BY v.message_at DESC, v.version DESC LIMIT 1) r ON true
    WHERE s.id = ${studyId}::uuid`;
  if (!row) return undefined;
  const { reportId, reportVersion, studyDate, ...study } = row;
  return {
    ...study,
    studyDate: studyDate ?? undefined,
    report: reportId && reportVersion !== null ? { reportId, version: reportVersion } : undefined,
  };
}

/** Signed outcomes that saw a study, and those of its patient. */
export async function findSignedAround(tx: Tx, { studyId, patientId }: StudyNow): Promise<Outcome[]> {
  const rows = await databaseOf(tx).caseOutcome.findMany({
    where: {
      signedAt: { not: null },
      OR: [{ patientId }, { fixed: { path: ["studies"], array_contains: [{ studyId }] } }],
    },
    select: columns,
    take: 200,
  });
  return rows.map(shape);
}

/** @returns how many were told anew. */
export async function tellOf(
  tx: Tx,
  { id: outcomeId, organisation }: Pick<Outcome, "id" | "organisation">,
  changes: readonly FoundChange[],
  people: readonly string[],
): Promise<number> {
  const data = changes.flatMap((change) =>
    people.map((personId) => ({ outcomeId, organisation, ...change, personId, foundAt: tx.now })),
  );
  const { count } = await databaseOf(tx).outcomeChange.createMany({ data, skipDuplicates: true });
  return count;
}

/** What somebody was told of and hasn't acknowledged. */
export async function findTold(tx: Tx, personId: string, most: number) {
  const rows = await databaseOf(tx).outcomeChange.findMany({
    where: { personId, acknowledgedAt: null },
    select: {
      ...{ id: true, kind: true, foundAt: true },
      outcome: { select: { caseId: true, patientId: true, case: { select: { actOf: true } } } },
    },
    orderBy: [{ foundAt: "desc" }, { id: "desc" }],
    take: most,
  });
  return rows.map(({ kind, outcome, ...row }) => ({
    ...row,
    kind: oneOf(CHANGE_KINDS, kind, "study-corrected"),
    caseId: outcome.caseId,
    patientId: outcome.patientId,
    actOf: outcome.case.actOf,
  }));
}

export async function findTellingOf(tx: Tx, changeId: string) {
  return databaseOf(tx).outcomeChange.findUnique({
    where: { id: changeId },
    select: { personId: true, outcome: { select: { patientId: true } } },
  });
}

export async function setAcknowledged(tx: Tx, changeId: string): Promise<void> {
  await databaseOf(tx).outcomeChange.update({
    where: { id: changeId },
    data: { acknowledgedAt: tx.now },
    select: { id: true },
  });
}
