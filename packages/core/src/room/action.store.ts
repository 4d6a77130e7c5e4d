import type { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";

const columns = {
  ...{ id: true, what: true, ownerId: true, owner: true, dueOn: true, doneAt: true, doneBy: true },
  ...{ chasedBy: true, chasedAt: true, chases: true },
  outcome: {
    select: {
      ...{ caseId: true, patientId: true, signedAt: true },
      case: {
        select: {
          ...{ actOf: true, patientRecordId: true, meetingId: true },
          meeting: {
            select: { heldOn: true, organisation: true, series: { select: { name: true, zone: true } } },
          },
        },
      },
    },
  },
} as const;

export type ActionRow = {
  actionId: string;
  what: string;
  ownerId: string | undefined;
  owner: string;
  dueOn: string | undefined;
  doneAt: Date | undefined;
  chased: { by: string; at: Date; times: number } | undefined;
  caseId: string;
  patientId: string;
  patientRecordId: string;
  actOf: string | undefined;
  meetingId: string;
  meeting: string;
  heldOn: string;
  zone: string;
};

const day = (date: Date) => date.toISOString().slice(0, 10);

function shape(row: Prisma.OutcomeActionGetPayload<{ select: typeof columns }>): ActionRow {
  const { outcome, id, ownerId, dueOn, doneAt, chasedBy, chasedAt, chases, what, owner } = row;
  const { meeting, ...found } = outcome.case;
  return {
    ...{ actionId: id, what, owner, ownerId: ownerId ?? undefined },
    dueOn: dueOn ? day(dueOn) : undefined,
    doneAt: doneAt ?? undefined,
    chased: chasedBy && chasedAt ? { by: chasedBy, at: chasedAt, times: chases } : undefined,
    ...{ caseId: outcome.caseId, patientId: outcome.patientId },
    ...{ patientRecordId: found.patientRecordId, actOf: found.actOf ?? undefined },
    ...{ meetingId: found.meetingId, meeting: meeting.series.name, zone: meeting.series.zone },
    heldOn: day(meeting.heldOn),
  };
}

/** The soonest due first; what has no date last. */
const ORDER = [{ dueOn: { sort: "asc", nulls: "last" } }, { id: "asc" }] as const;
/** Of signed outcomes: before that it may still be taken off. */
const STANDS = { removedAt: null, outcome: { signedAt: { not: null } } } as const;

/** What one is to do, and what one has done since then. */
export async function findActionsOf(
  tx: Tx,
  ownerId: string,
  { doneSince, most }: { doneSince: Date; most: number },
): Promise<ActionRow[]> {
  const rows = await databaseOf(tx).outcomeAction.findMany({
    where: { ...STANDS, ownerId, OR: [{ doneAt: null }, { doneAt: { gte: doneSince } }] },
    select: columns,
    orderBy: [...ORDER],
    take: most,
  });
  return rows.map(shape);
}

/** What isn't done of the meetings of these series, whoever is to do it. */
export async function findOpenActions(
  tx: Tx,
  seriesIds: readonly string[],
  most: number,
): Promise<ActionRow[]> {
  const rows = await databaseOf(tx).outcomeAction.findMany({
    where: {
      ...{ removedAt: null, doneAt: null },
      outcome: { signedAt: { not: null }, case: { meeting: { seriesId: { in: [...seriesIds] } } } },
    },
    select: columns,
    orderBy: [...ORDER],
    take: most,
  });
  return rows.map(shape);
}

export async function findAction(tx: Tx, actionId: string): Promise<ActionRow | undefined> {
  const row = await databaseOf(tx).outcomeAction.findFirst({
    where: { id: actionId, removedAt: null },
    select: columns,
  });
  return row ? shape(row) : undefined;
}

/** How many one is to do, and how many of them are past their day. */
export async function countActions(
  tx: Tx,
  ownerId: string,
  today: string,
): Promise<{ waiting: number; overdue: number }> {
  const where = { ...STANDS, ownerId, doneAt: null };
  const db = databaseOf(tx).outcomeAction;
  return {
    waiting: await db.count({ where }),
    overdue: await db.count({ where: { ...where, dueOn: { lt: new Date(today) } } }),
  };
}

export async function noteChase(tx: Tx, actionId: string): Promise<void> {
  await databaseOf(tx).outcomeAction.update({
    where: { id: actionId },
    data: { chasedBy: tx.actor.id, chasedAt: tx.now, chases: { increment: 1 } },
    select: { id: true },
  });
}
