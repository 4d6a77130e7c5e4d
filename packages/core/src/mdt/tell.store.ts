import { randomUUID } from "node:crypto";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import type { Untold } from "./ask-told.ts";

/** What is asked in one go is one message. */
const TOGETHER_MS = 2 * 60_000;
/** Whoever was killed between sending and noting is sent again after this. */
const CLAIMED_MS = 5 * 60_000;

const waiting = { tellState: "waiting", endedAt: null } as const;
const inMs = (tx: Tx, ms: number) => new Date(tx.now.getTime() + ms);

export async function tellSoon(tx: Tx, askId: string): Promise<void> {
  await databaseOf(tx).caseAsk.update({
    where: { id: askId },
    data: {
      ...{ tellState: "waiting", tellAt: inMs(tx, TOGETHER_MS), tellTries: 0 },
      // What is on its way tells of the request before this.
      ...{ tellMessageId: null, tellFailed: null },
    },
    select: { id: true },
  });
}

/** Nobody has to be told any more. */
export async function stopTelling(tx: Tx, askIds: readonly string[]): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { id: { in: [...askIds] }, tellState: "waiting" },
    data: { tellState: null, tellAt: null },
  });
}

export async function noteUntold(tx: Tx, askIds: readonly string[], why: Untold): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { id: { in: [...askIds] } },
    data: { tellState: "failed", tellAt: null, tellFailed: why },
  });
}

/** Who has something to be told of by now, the longest due first. */
export async function findDuePeople(tx: Tx, most: number): Promise<string[]> {
  const rows = await databaseOf(tx).caseAsk.groupBy({
    by: ["askedOfId"],
    where: { ...waiting, tellAt: { lte: tx.now } },
    _min: { tellAt: true },
    orderBy: { _min: { tellAt: "asc" } },
    take: most,
  });
  return rows.flatMap(({ askedOfId }) => askedOfId ?? []);
}

export type Claimed = { askId: string; caseId: string; tries: number };

/**
 * Takes what one person is to be told of for one message: what is due, and with it what was asked since. One sender at a time:
 * whoever comes second finds nothing. A try counts from here, so that a message which kills its sender ends, too.
 *
 * @returns the message's id
 */
export async function claimAsks(tx: Tx, askedOfId: string): Promise<string | undefined> {
  const db = databaseOf(tx).caseAsk;
  const isDue = { tellAt: { lte: tx.now } };
  const due = await db.findFirst({ where: { ...waiting, askedOfId, ...isDue }, select: { id: true } });
  if (!due) return undefined;
  const tellMessageId = randomUUID();
  const { count } = await db.updateMany({
    where: { ...waiting, askedOfId, OR: [isDue, { tellTries: 0 }] },
    data: { tellMessageId, tellAt: inMs(tx, CLAIMED_MS), tellTries: { increment: 1 } },
  });
  return count > 0 ? tellMessageId : undefined;
}

/** A message tells of these alone: what else was claimed for it is none of its any more. */
export async function keepClaimed(tx: Tx, tellMessageId: string, askIds: readonly string[]): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { tellMessageId, id: { notIn: [...askIds] } },
    data: { tellMessageId: null },
  });
}

/** What a message tells of, but for what was asked again since. */
export async function findClaimed(tx: Tx, tellMessageId: string): Promise<Claimed[]> {
  const rows = await databaseOf(tx).caseAsk.findMany({
    where: { tellMessageId },
    select: { id: true, caseId: true, tellTries: true },
    orderBy: [{ askedAt: "asc" }, { id: "asc" }],
  });
  return rows.map(({ id, caseId, tellTries }) => ({ askId: id, caseId, tries: tellTries }));
}

/** Also of what was answered while it was on its way: it went. */
export async function noteTold(tx: Tx, tellMessageId: string): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { tellMessageId },
    data: { tellState: "sent", toldAt: tx.now, tellAt: null, tellFailed: null },
  });
}

export async function noteNotTold(
  tx: Tx,
  { tellMessageId, tries }: { tellMessageId: string; tries: number },
  { code, again }: { code: string; again: Date | undefined },
): Promise<void> {
  await databaseOf(tx).caseAsk.updateMany({
    where: { tellMessageId, tellTries: tries, tellState: "waiting" },
    data: { tellFailed: code, tellAt: again ?? null, ...(again ? {} : { tellState: "failed" }) },
  });
}

/** Requests of a trust's own meetings whose message reached nobody. They stand on the page of whoever is asked all the same. */
export const countUntold = (tx: Tx, organisation: string): Promise<number> =>
  databaseOf(tx).caseAsk.count({
    where: { tellState: "failed", endedAt: null, organisation },
  });
