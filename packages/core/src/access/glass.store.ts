import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewGlass = {
  patientId: string;
  roleId: string;
  role: string;
  organisation: string;
  reason: string;
  words: string;
  wasProved: boolean;
  endsAt: Date;
};

export async function writeGlass(tx: Tx, glass: NewGlass): Promise<string> {
  const row = await databaseOf(tx).brokenGlass.create({
    data: { ...glass, personId: tx.actor.id, startedAt: tx.now },
    select: { id: true },
  });
  return row.id;
}

const columns = {
  id: true,
  patientId: true,
  personId: true,
  role: true,
  organisation: true,
  reason: true,
  words: true,
  wasProved: true,
  wasAudited: true,
  startedAt: true,
  endsAt: true,
  outcome: true,
  outcomeWords: true,
  reviewedBy: true,
  reviewedAt: true,
} as const;

export type GlassRow = {
  id: string;
  patientId: string;
  personId: string;
  role: string;
  organisation: string;
  reason: string;
  words: string;
  wasProved: boolean;
  wasAudited: boolean;
  startedAt: Date;
  endsAt: Date;
  outcome: string | null;
  outcomeWords: string | null;
  reviewedBy: string | null;
  reviewedAt: Date | null;
};

export const findGlass = (tx: Tx, id: string): Promise<GlassRow | null> =>
  databaseOf(tx).brokenGlass.findUnique({ where: { id }, select: columns });

export const findOwnGlass = (tx: Tx): Promise<GlassRow[]> =>
  databaseOf(tx).brokenGlass.findMany({
    where: { personId: tx.actor.id, startedAt: { lte: tx.now }, endsAt: { gt: tx.now } },
    select: columns,
    orderBy: { startedAt: "asc" },
  });

/** Those without a proof or an audit row first, then what waits longest. */
export const findGlassOf = (
  tx: Tx,
  organisation: string,
  isReviewed: boolean,
  limit: number,
): Promise<GlassRow[]> =>
  databaseOf(tx).brokenGlass.findMany({
    where: { organisation, outcome: isReviewed ? { not: null } : null },
    select: columns,
    orderBy: isReviewed
      ? [{ reviewedAt: "desc" }, { id: "asc" }]
      : [{ wasAudited: "asc" }, { wasProved: "asc" }, { startedAt: "asc" }, { id: "asc" }],
    take: limit,
  });

export const countWaiting = (tx: Tx, organisation: string): Promise<number> =>
  databaseOf(tx).brokenGlass.count({ where: { organisation, outcome: null } });

export async function endGlassNow(tx: Tx, id: string): Promise<void> {
  await databaseOf(tx).brokenGlass.update({ where: { id }, data: { endsAt: tx.now }, select: { id: true } });
  await databaseOf(tx).relationship.updateMany({
    where: { kind: "glass", source: id, endsAt: { gt: tx.now } },
    data: { endsAt: tx.now },
  });
}

export async function writeOutcome(tx: Tx, id: string, outcome: string, words: string): Promise<void> {
  await databaseOf(tx).brokenGlass.update({
    where: { id },
    data: { outcome, outcomeWords: words, reviewedBy: tx.actor.id, reviewedAt: tx.now },
    select: { id: true },
  });
}
