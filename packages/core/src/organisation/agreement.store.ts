import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Agreement } from "./agreement.ts";

const columns = {
  id: true,
  odsCode: true,
  withOds: true,
  kinds: true,
  purposes: true,
  startsAt: true,
  endsAt: true,
  stoppedAt: true,
  reason: true,
} as const;

type Row = {
  id: string;
  odsCode: string;
  withOds: string | null;
  kinds: string[];
  purposes: string[];
  startsAt: Date;
  endsAt: Date | null;
  stoppedAt: Date | null;
  reason: string | null;
};

const shape = ({ id, withOds, startsAt, endsAt, stoppedAt, reason, ...row }: Row): Agreement => ({
  ...row,
  agreementId: id,
  withOds: withOds ?? undefined,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt?.toISOString(),
  stoppedAt: stoppedAt?.toISOString(),
  reason: reason ?? undefined,
});

export async function readAgreements(tx: Tx): Promise<Agreement[]> {
  const rows = await databaseOf(tx).agreement.findMany({
    select: columns,
    orderBy: [{ odsCode: "asc" }, { startsAt: "desc" }, { id: "asc" }],
  });
  return rows.map(shape);
}

/** Until this transaction ends nobody else changes it. */
export async function findAgreement(tx: Tx, id: string): Promise<Agreement | undefined> {
  await databaseOf(tx).$queryRaw`SELECT id FROM agreement WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await databaseOf(tx).agreement.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export type NewAgreement = {
  odsCode: string;
  withOds: string | null;
  kinds: string[];
  purposes: string[];
  startsAt: Date;
  endsAt: Date | null;
};

export async function writeAgreement(tx: Tx, agreement: NewAgreement): Promise<string> {
  const row = await databaseOf(tx).agreement.create({
    data: { ...agreement, begunBy: tx.actor.id },
    select: { id: true },
  });
  return row.id;
}

export async function writeEnd(tx: Tx, id: string, endsAt: Date, reason: string): Promise<void> {
  await databaseOf(tx).agreement.update({
    where: { id },
    data: { endsAt, endedBy: tx.actor.id, reason },
    select: { id: true },
  });
}

export async function writeStop(tx: Tx, id: string, reason: string): Promise<void> {
  await databaseOf(tx).agreement.update({
    where: { id },
    data: { stoppedAt: tx.now, endedBy: tx.actor.id, reason },
    select: { id: true },
  });
}

export type Cut = { studies: number; relationships: number; openStudies: number };

/** What would be cut for everyone else, in numbers. */
export async function countCut(tx: Tx, odsCode: string): Promise<Cut> {
  const [row] = await databaseOf(tx).$queryRaw<Cut[]>`
    SELECT studies, relationships, open_studies AS "openStudies" FROM weald.cut_by_ending(${odsCode}, ${tx.now}::timestamptz)`;
  return row ?? { studies: 0, relationships: 0, openStudies: 0 };
}
