import type { Prisma } from "@weald/db";
import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import { type Told, toldOf } from "./ask-told.ts";
import { ASPECTS, type AspectName, type MeetingCase } from "./case.ts";
import { stopTelling } from "./tell.store.ts";

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
  told: Told | undefined;
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
  tellState: true,
  tellFailed: true,
  toldAt: true,
} as const;

const shapeAsk = ({
  tellState,
  tellFailed,
  toldAt,
  ...row
}: Prisma.CaseAskGetPayload<{ select: typeof askColumns }>): AskRow => ({
  ...row,
  told: toldOf({ tellState, tellFailed, toldAt }),
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
  await stopTelling(tx, [askId]);
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
  await stopTelling(tx, askIds);
}
