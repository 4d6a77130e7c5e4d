import type { QuarantineIdentity } from "../ingest/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Message } from "./read-message.ts";

export const MESSAGE_STATES = ["accepted", "skipped", "aside"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type MessageRow = {
  id: string;
  custodian: string;
  digest: string;
  state: MessageState;
  inboxItemId: string;
  objectKey: string;
  sizeBytes: number;
  identity: QuarantineIdentity;
};

const columns = {
  id: true,
  custodian: true,
  digest: true,
  state: true,
  inboxItemId: true,
  objectKey: true,
  sizeBytes: true,
  identity: true,
} as const;

type Row = { state: string; sizeBytes: bigint; identity: unknown };
const shape = <R extends Row>(row: R) => ({
  ...row,
  sizeBytes: Number(row.sizeBytes),
  state: MESSAGE_STATES.find((state) => state === row.state) ?? "aside",
  identity: row.identity as QuarantineIdentity,
});

type Key = { custodian: string; sender: string; controlId: string };
const keyOf = (key: Key) => ({ custodian_sender_controlId: key });

/** The message of this id, if it came before. The same id at the same moment waits here for the other. */
export async function findMessage(tx: Tx, key: Key): Promise<MessageRow | undefined> {
  const db = databaseOf(tx);
  const name = `hl7:${key.custodian}|${key.sender}|${key.controlId}`;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
  const row = await db.hl7Message.findUnique({ where: keyOf(key), select: columns });
  return row ? shape(row) : undefined;
}

export type NewMessage = {
  custodian: string;
  message: Message;
  digest: string;
  inboxItemId: string;
  objectKey: string;
  sizeBytes: number;
  identity: QuarantineIdentity;
  subjects: string[];
  state: MessageState;
};

export async function writeMessage(tx: Tx, came: NewMessage): Promise<void> {
  const { message, sizeBytes, custodian, ...rest } = came;
  const data = {
    ...rest,
    type: [message.type, message.event].filter(Boolean).join("^"),
    messageAt: message.messageAt,
    sizeBytes: BigInt(sizeBytes),
    receivedAt: tx.now,
  };
  const key = { custodian, sender: message.sender, controlId: message.messageId };
  await databaseOf(tx).hl7Message.upsert({
    where: keyOf(key),
    create: { ...key, ...data },
    update: data,
    select: { id: true },
  });
}

/** The messages that made something what it is. */
export async function findMessagesOf(tx: Tx, custodian: string, subject: string): Promise<MessageRow[]> {
  const rows = await databaseOf(tx).hl7Message.findMany({
    where: { custodian, subjects: { has: subject } },
    select: columns,
    orderBy: { id: "asc" },
  });
  return rows.map(shape);
}

export async function setMessageState(tx: Tx, id: string, state: MessageState): Promise<void> {
  await databaseOf(tx).hl7Message.update({ where: { id }, data: { state }, select: { id: true } });
}

/** Where the bytes of items lie that came as messages. */
export async function findObjectKeys(
  tx: Tx,
  inboxItemIds: readonly string[],
): Promise<{ itemId: string; objectKey: string }[]> {
  const rows = await databaseOf(tx).hl7Message.findMany({
    where: { inboxItemId: { in: [...inboxItemIds] } },
    select: { inboxItemId: true, objectKey: true },
  });
  return rows.map(({ inboxItemId, objectKey }) => ({ itemId: inboxItemId, objectKey }));
}

export async function findMessageById(tx: Tx, id: string): Promise<MessageRow | undefined> {
  const row = await databaseOf(tx).hl7Message.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}
