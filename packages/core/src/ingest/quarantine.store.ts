import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { IncomingInstance } from "../study/index.ts";
import { cameOf, type StoredCame, storedCame } from "./came.ts";
import { settleItem } from "./inbox.store.ts";
import type { ArrivalKind } from "./inbox-key.ts";
import { quarantineKey } from "./inbox-key.ts";

/** What the PACS manager needs to find the source: shown to their own trust only. */
export type QuarantineIdentity = {
  name?: string;
  localNumber?: string;
  birthDate?: string;
  sex?: string;
  nhsNumber?: string;
  issuer?: string;
  studyInstanceUid?: string;
  seriesInstanceUid?: string;
  sopInstanceUid?: string;
  modality?: string;
  differs?: string[];
  /** Of a message: `ADT^A40`, who sent it, its own id, and what it speaks of. */
  messageType?: string;
  sender?: string;
  controlId?: string;
  accessionNumber?: string;
  /** Of a merge: the number that ends. */
  mergedNumber?: string;
  /** What speaks against it. */
  rule?: string;
};

export type NewQuarantine = {
  itemId: string;
  custodian: string;
  kind: ArrivalKind;
  sizeBytes: number;
  sha256: string | undefined;
  code: string;
  sentence: string;
  identity: QuarantineIdentity;
  identityKey?: string;
  /** Of a conflict: the newcomer as it would have been indexed. It lies in the archive already. */
  came?: IncomingInstance;
};

/** Puts an item aside with its reason. The object follows after the commit; the sweep sees to it if we die between. */
export async function quarantine(tx: Tx, item: NewQuarantine): Promise<void> {
  const data = {
    custodian: item.custodian,
    kind: item.kind,
    objectKey: quarantineKey(item.itemId),
    sizeBytes: item.sizeBytes,
    sha256: item.sha256 ?? null,
    code: item.code,
    sentence: item.sentence,
    identity: item.identity,
    identityKey: item.identityKey ?? null,
    ...(item.came ? { came: storedCame(item.came) as object } : {}),
    state: "waiting",
    createdAt: tx.now,
  };
  await databaseOf(tx).quarantineItem.upsert({
    where: { inboxItemId: item.itemId },
    create: { inboxItemId: item.itemId, ...data },
    update: { ...data, decidedAt: null, decidedBy: null, decisionReason: null },
    select: { id: true },
  });
  await settleItem(tx, {
    itemId: item.itemId,
    outcome: "quarantined",
    code: item.code,
    message: item.sentence,
    ...(item.sha256 ? { sha256: item.sha256 } : {}),
  });
}

const columns = {
  id: true,
  inboxItemId: true,
  custodian: true,
  kind: true,
  objectKey: true,
  sizeBytes: true,
  code: true,
  sentence: true,
  identity: true,
  state: true,
  createdAt: true,
  decidedAt: true,
  decidedBy: true,
  decisionReason: true,
} as const;

/** `kept`, `replaced`, `both`: how a conflict was solved. */
export const STATES = ["waiting", "retried", "discarded", "kept", "replaced", "both"] as const;
export type QuarantineState = (typeof STATES)[number];

export type QuarantineRow = Omit<NewQuarantine, "itemId" | "sha256" | "came" | "identityKey"> & {
  id: string;
  inboxItemId: string;
  objectKey: string;
  state: QuarantineState;
  createdAt: Date;
};

type Row = { kind: string; sizeBytes: bigint; identity: unknown; state: string };
type Shaped = {
  kind: ArrivalKind;
  sizeBytes: number;
  identity: QuarantineIdentity;
  state: QuarantineRow["state"];
};

function shape<R extends Row>(row: R): Omit<R, keyof Row> & Shaped {
  return {
    ...row,
    kind: row.kind === "hl7" ? "hl7" : "dicom",
    sizeBytes: Number(row.sizeBytes),
    identity: (row.identity ?? {}) as QuarantineIdentity,
    state: STATES.find((state) => state === row.state) ?? "waiting",
  };
}

export async function findQuarantine(
  tx: Tx,
  custodian: string,
  states: readonly QuarantineState[],
  page: { after: string | undefined; limit: number },
) {
  const rows = await databaseOf(tx).quarantineItem.findMany({
    where: { custodian, state: { in: [...states] } },
    select: columns,
    orderBy: { id: "desc" },
    ...(page.after ? { cursor: { id: page.after }, skip: 1 } : {}),
    take: page.limit,
  });
  return rows.map(shape);
}

export async function findQuarantined(tx: Tx, id: string): Promise<QuarantineRow | undefined> {
  const row = await databaseOf(tx).quarantineItem.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export type ConflictRow = QuarantineRow & { came: IncomingInstance | undefined };

/** With the newcomer itself. Items that were put aside before it was kept have none: trying again gives it. */
export async function findConflicts(tx: Tx, ids: readonly string[]): Promise<ConflictRow[]> {
  const rows = await databaseOf(tx).quarantineItem.findMany({
    where: { id: { in: [...ids] } },
    select: { ...columns, came: true },
  });
  return rows.map(({ came, ...row }) => ({
    ...shape(row),
    came: came === null ? undefined : cameOf(came as unknown as StoredCame),
  }));
}

/** Others that wait for the same reason and say the same series: they can be decided alike. */
export async function findAlike(tx: Tx, item: QuarantineRow, limit: number): Promise<string[]> {
  const { seriesInstanceUid } = item.identity;
  if (!seriesInstanceUid) return [];
  const rows = await databaseOf(tx).quarantineItem.findMany({
    where: {
      custodian: item.custodian,
      state: "waiting",
      code: item.code,
      id: { not: item.id },
      identity: { path: ["seriesInstanceUid"], equals: seriesInstanceUid },
    },
    select: { id: true },
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** True if it still waited: of two people who decide at once, one does. */
export async function decide(
  tx: Tx,
  id: string,
  state: Exclude<QuarantineState, "waiting">,
  reason: string,
): Promise<boolean> {
  const { count } = await databaseOf(tx).quarantineItem.updateMany({
    where: { id, state: "waiting" },
    data: { state, decidedBy: tx.actor.id, decidedAt: tx.now, decisionReason: reason },
  });
  return count === 1;
}

export type PutAside = { sopInstanceUid: string; code: string; sentence: string };

/** What waits for a person, of one study, as it names itself. */
export async function findPutAside(tx: Tx, custodian: string, studyInstanceUid: string): Promise<PutAside[]> {
  const rows = await databaseOf(tx).quarantineItem.findMany({
    where: {
      custodian,
      state: "waiting",
      identity: { path: ["studyInstanceUid"], equals: studyInstanceUid },
    },
    select: { identity: true, code: true, sentence: true },
  });
  return rows.flatMap(({ identity, code, sentence }) => {
    const { sopInstanceUid } = identity as QuarantineIdentity;
    return sopInstanceUid ? [{ sopInstanceUid, code, sentence }] : [];
  });
}

/** Messages of a trust that wait for one of these reasons and name one of these local numbers. */
export async function findWaitingMessages(
  tx: Tx,
  of: { custodian: string; localNumbers: readonly string[]; codes: readonly string[] },
  limit: number,
): Promise<QuarantineRow[]> {
  const names = (field: string) =>
    of.localNumbers.map((localNumber) => ({ identity: { path: [field], equals: localNumber } }));
  const rows = await databaseOf(tx).quarantineItem.findMany({
    where: {
      custodian: of.custodian,
      kind: "hl7",
      state: "waiting",
      code: { in: [...of.codes] },
      OR: [...names("localNumber"), ...names("mergedNumber")],
    },
    select: columns,
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map(shape);
}

/** Whether a message under this accession number waits for one of these reasons. */
export async function isMessageWaiting(
  tx: Tx,
  of: { custodian: string; accessionNumber: string; codes: readonly string[] },
): Promise<boolean> {
  const found = await databaseOf(tx).quarantineItem.findFirst({
    where: {
      custodian: of.custodian,
      kind: "hl7",
      state: "waiting",
      code: { in: [...of.codes] },
      identity: { path: ["accessionNumber"], equals: of.accessionNumber },
    },
    select: { id: true },
  });
  return found !== null;
}

/** What became of an item that was put aside; none where it never was. */
export async function findStateOfItem(tx: Tx, inboxItemId: string): Promise<QuarantineState | undefined> {
  const row = await databaseOf(tx).quarantineItem.findUnique({ where: { inboxItemId }, select: columns });
  return row ? shape(row).state : undefined;
}

/** How many images and messages of these local numbers wait for a person in this trust. */
export async function countWaitingOf(
  tx: Tx,
  custodian: string,
  localNumbers: readonly string[],
): Promise<number> {
  if (localNumbers.length === 0) return 0;
  const [row] = await databaseOf(tx).$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM quarantine_item
    WHERE custodian = ${custodian} AND state = 'waiting' AND identity->>'localNumber' = ANY (${[...localNumbers]}::text[])`;
  return row?.count ?? 0;
}
