import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Of } from "./release.store.ts";

export type Contact = {
  id: string;
  organisation: string;
  patientId: string;
  proxyId: string | undefined;
  channel: "email" | "sms";
  address: string;
  addedAt: Date;
  readBackAt: Date | undefined;
};

const columns = {
  ...{ id: true, organisation: true, patientId: true, proxyId: true, channel: true, address: true },
  ...{ addedAt: true, readBackAt: true },
} as const;
type Row = Omit<Contact, "proxyId" | "channel" | "readBackAt"> & {
  proxyId: string | null;
  channel: string;
  readBackAt: Date | null;
};
const shape = (row: Row): Contact => ({
  ...row,
  proxyId: row.proxyId ?? undefined,
  channel: row.channel === "sms" ? "sms" : "email",
  readBackAt: row.readBackAt ?? undefined,
});

export type NewContact = Of & Pick<Contact, "id" | "channel" | "address" | "proxyId">;

/** Read back to whom it belongs by who writes it down. */
export async function insertContact(tx: Tx, { proxyId, ...contact }: NewContact): Promise<void> {
  await databaseOf(tx).patientContact.createMany({
    data: [
      {
        ...contact,
        proxyId: proxyId ?? null,
        ...{ addedBy: tx.actor.id, addedAt: tx.now, readBackBy: tx.actor.id, readBackAt: tx.now },
      },
    ],
    skipDuplicates: true,
  });
}

export async function findContact(tx: Tx, id: string): Promise<Contact | undefined> {
  const row = await databaseOf(tx).patientContact.findFirst({
    where: { id, endedAt: null },
    select: columns,
  });
  return row ? shape(row) : undefined;
}

export async function findContacts(
  tx: Tx,
  of: { patientId: string; organisation: string },
): Promise<Contact[]> {
  const rows = await databaseOf(tx).patientContact.findMany({
    where: { ...of, endedAt: null },
    select: columns,
    orderBy: { addedAt: "desc" },
  });
  return rows.map(shape);
}

/** Whether somebody else's record has the same address: of another patient, wherever. */
export async function isShared(tx: Tx, { address, patientId }: Contact): Promise<boolean> {
  const other = await databaseOf(tx).patientContact.findFirst({
    where: { address, endedAt: null, patientId: { not: patientId } },
    select: { id: true },
  });
  return other !== null;
}

export async function noteReadBack(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).patientContact.update({
    where: { id },
    data: { readBackBy: tx.actor.id, readBackAt: tx.now },
    select: { id: true },
  });
}

export async function endContactNow(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).patientContact.updateMany({
    where: { id, endedAt: null },
    data: { endedAt: tx.now, endedBy: tx.actor.id },
  });
}

/** Somebody else answered there: nothing goes there before it was read back again. */
export async function unconfirmContact(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).patientContact.updateMany({
    where: { id, endedAt: null },
    data: { readBackAt: null, readBackBy: null },
  });
}
