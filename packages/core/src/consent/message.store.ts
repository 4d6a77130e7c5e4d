import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Link } from "./link.ts";

export type Message = {
  id: string;
  organisation: string;
  patientId: string;
  linkId: string | undefined;
  contactId: string | undefined;
  template: "link" | "passed-on" | "proxy-review";
  isUrgent: boolean;
  tries: number;
  madeBy: string;
  dueAt: Date;
};

const columns = {
  ...{ id: true, organisation: true, patientId: true, linkId: true, contactId: true, template: true },
  ...{ isUrgent: true, tries: true, madeBy: true, dueAt: true },
} as const;
type Row = Omit<Message, "linkId" | "contactId" | "template"> & {
  linkId: string | null;
  contactId: string | null;
  template: string;
};
const TEMPLATES = ["link", "passed-on", "proxy-review"] as const;
const shape = (row: Row): Message => ({
  ...row,
  linkId: row.linkId ?? undefined,
  contactId: row.contactId ?? undefined,
  template: TEMPLATES.find((one) => one === row.template) ?? "link",
});

export type NewMessage = {
  organisation: string;
  patientId: string;
  linkId?: string;
  contactId?: string;
  template: Message["template"];
  isUrgent?: boolean;
  /** Who hears of it where it can't be delivered, where that isn't who asks. */
  madeBy?: string;
};

export async function enqueueMessage(tx: Tx, message: NewMessage): Promise<string> {
  const { linkId = null, contactId = null, isUrgent = false, madeBy = tx.actor.id, ...rest } = message;
  const { id } = await databaseOf(tx).messageToSend.create({
    data: { ...rest, linkId, contactId, isUrgent, madeBy, madeAt: tx.now, dueAt: tx.now },
    select: { id: true },
  });
  return id;
}

/** Ids of what is due, the longest due first. */
export async function findDueMessages(tx: Tx, most: number): Promise<string[]> {
  const rows = await databaseOf(tx).messageToSend.findMany({
    where: { state: "waiting", dueAt: { lte: tx.now } },
    select: { id: true },
    orderBy: [{ dueAt: "asc" }, { id: "asc" }],
    take: most,
  });
  return rows.map(({ id }) => id);
}

/** One sender at a time: whoever comes second finds it gone. */
export async function claimMessage(tx: Tx, id: string, until: Date): Promise<Message | undefined> {
  const db = databaseOf(tx).messageToSend;
  const { count } = await db.updateMany({
    where: { id, state: "waiting", dueAt: { lte: tx.now } },
    data: { dueAt: until },
  });
  if (count === 0) return undefined;
  const row = await db.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function postpone(tx: Tx, id: string, until: Date): Promise<void> {
  await databaseOf(tx).messageToSend.update({
    where: { id },
    data: { dueAt: until },
    select: { id: true },
  });
}

export async function noteSent(tx: Tx, id: string, deliveredId: string): Promise<void> {
  await databaseOf(tx).messageToSend.update({
    where: { id },
    data: { state: "sent", sentAt: tx.now, deliveredId, failed: null, tries: { increment: 1 } },
    select: { id: true },
  });
}

export async function noteFailed(
  tx: Tx,
  id: string,
  { code, again }: { code: string; again: Date | undefined },
): Promise<void> {
  await databaseOf(tx).messageToSend.update({
    where: { id },
    data: {
      failed: code,
      tries: { increment: 1 },
      ...(again ? { dueAt: again } : { state: "failed" }),
    },
    select: { id: true },
  });
}

/** It is nobody's wish any more: its link ended, its contact was taken back. */
export async function dropMessages(tx: Tx, which: { id: string } | { linkId: string }): Promise<void> {
  await databaseOf(tx).messageToSend.updateMany({
    where: { ...which, state: "waiting" },
    data: { state: "dropped" },
  });
}

export type Delivery = {
  linkId: string;
  state: string;
  failed: string | undefined;
  sentAt: Date | undefined;
};

/** How the newest message of each link stands. */
export async function findDeliveries(
  tx: Tx,
  links: readonly Pick<Link, "id">[],
): Promise<Map<string, Delivery>> {
  const rows = await databaseOf(tx).messageToSend.findMany({
    where: { linkId: { in: links.map(({ id }) => id) } },
    select: { linkId: true, state: true, failed: true, sentAt: true },
    orderBy: { madeAt: "asc" },
  });
  return new Map(
    rows.flatMap(({ linkId, failed, sentAt, state }): [string, Delivery][] =>
      linkId ? [[linkId, { linkId, state, failed: failed ?? undefined, sentAt: sentAt ?? undefined }]] : [],
    ),
  );
}
