import type { Tx } from "../kernel/index.ts";
import { databaseOf } from "../kernel/tx.ts";
import {
  Fixed,
  type MeetingCase,
  OUTSIDE_STATES,
  type OutsideState,
  PATHOLOGY_STATES,
  type PathologyState,
} from "./case.ts";
import { dayOf, oneOf } from "./stored.ts";

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
