import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Referral, Urgency } from "./referral.ts";

const columns = {
  id: true,
  personId: true,
  organisation: true,
  toPersonId: true,
  toOrganisation: true,
  service: true,
  patientRecordId: true,
  patientId: true,
  question: true,
  urgency: true,
  studyId: true,
  priorIds: true,
  sentAt: true,
  openedAt: true,
  reply: true,
  repliedAt: true,
  withdrawnAt: true,
  endsAt: true,
} as const;

type Row = Omit<
  Referral,
  "toPersonId" | "studyId" | "urgency" | "openedAt" | "reply" | "repliedAt" | "withdrawnAt"
> & {
  toPersonId: string | null;
  studyId: string | null;
  urgency: string;
  openedAt: Date | null;
  reply: string | null;
  repliedAt: Date | null;
  withdrawnAt: Date | null;
};

const urgencyOf = (said: string): Urgency => (said === "urgent" || said === "soon" ? said : "routine");

const shape = (row: Row): Referral => ({
  ...row,
  toPersonId: row.toPersonId ?? "",
  studyId: row.studyId ?? "",
  urgency: urgencyOf(row.urgency),
  openedAt: row.openedAt ?? undefined,
  reply: row.reply ?? undefined,
  repliedAt: row.repliedAt ?? undefined,
  withdrawnAt: row.withdrawnAt ?? undefined,
});

export type NewReferral = Pick<
  Referral,
  | "id"
  | "personId"
  | "organisation"
  | "toPersonId"
  | "toOrganisation"
  | "service"
  | "patientRecordId"
  | "patientId"
  | "question"
  | "urgency"
  | "studyId"
  | "priorIds"
  | "endsAt"
>;

/** @returns Whether it was made: sent twice by one window it is one. */
export async function insertReferral(tx: Tx, referral: NewReferral): Promise<boolean> {
  const { count } = await databaseOf(tx).referral.createMany({
    data: [{ ...referral, sentAt: tx.now }],
    skipDuplicates: true,
  });
  return count === 1;
}

export async function findReferral(tx: Tx, id: string): Promise<Referral | undefined> {
  const row = await databaseOf(tx).referral.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

const MOST = 200;

/** To this person or by this person, the newest first. */
export async function findReferrals(
  tx: Tx,
  box: { toPersonId: string } | { personId: string },
  since: Date,
): Promise<Referral[]> {
  const rows = await databaseOf(tx).referral.findMany({
    where: { ...box, sentAt: { gte: since } },
    select: columns,
    orderBy: [{ sentAt: "desc" }, { id: "desc" }],
    take: MOST,
  });
  return rows.map(shape);
}

/** How many wait for this person unopened, and how many of them are urgent. */
export async function countWaiting(tx: Tx, toPersonId: string): Promise<{ waiting: number; urgent: number }> {
  const where = { toPersonId, openedAt: null, repliedAt: null, withdrawnAt: null, endsAt: { gt: tx.now } };
  return {
    waiting: await databaseOf(tx).referral.count({ where }),
    urgent: await databaseOf(tx).referral.count({ where: { ...where, urgency: "urgent" } }),
  };
}

/** The first opening counts. */
export async function noteOpened(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).referral.updateMany({
    where: { id, openedAt: null },
    data: { openedAt: tx.now, openedBy: tx.actor.id },
  });
}

/** @returns false where an answer stands already. */
export async function writeReply(tx: Tx, id: string, reply: string): Promise<boolean> {
  const { count } = await databaseOf(tx).referral.updateMany({
    where: { id, repliedAt: null },
    data: { reply, repliedBy: tx.actor.id, repliedAt: tx.now },
  });
  return count === 1;
}

export async function writeWithdrawal(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).referral.updateMany({
    where: { id, withdrawnAt: null },
    data: { withdrawnAt: tx.now },
  });
}
