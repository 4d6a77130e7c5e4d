import { databaseOf, type Tx } from "../kernel/tx.ts";

/** How a gateway stood when it told so last. Counts and codes alone. */
export type GatewayStanding = {
  version: string;
  startedAt: Date;
  waitingCount: number;
  waitingBytes: number;
  oldestWaitingAt: Date | undefined;
  troubleCode: string | undefined;
  troubleSince: Date | undefined;
  freeBytes: number;
  isRefusing: boolean;
};
export type ToldStanding = GatewayStanding & { clientId: string; toldAt: Date };

/** The last word of a gateway; an older one isn't kept. */
export async function keepStanding(tx: Tx, organisation: string, standing: GatewayStanding): Promise<void> {
  const data = {
    ...standing,
    oldestWaitingAt: standing.oldestWaitingAt ?? null,
    troubleCode: standing.troubleCode ?? null,
    troubleSince: standing.troubleSince ?? null,
    toldAt: tx.now,
  };
  const named = { organisation, clientId: tx.actor.id };
  await databaseOf(tx).edgeGateway.upsert({
    where: { organisation_clientId: named },
    create: { ...named, ...data },
    update: data,
    select: { clientId: true },
  });
}

export async function findStandings(tx: Tx, organisation: string): Promise<ToldStanding[]> {
  const rows = await databaseOf(tx).edgeGateway.findMany({
    where: { organisation },
    select: {
      ...{ clientId: true, version: true, startedAt: true, waitingCount: true, waitingBytes: true },
      ...{ oldestWaitingAt: true, troubleCode: true, troubleSince: true, freeBytes: true },
      ...{ isRefusing: true, toldAt: true },
    },
    orderBy: { clientId: "asc" },
  });
  return rows.map((row) => ({
    ...row,
    waitingBytes: Number(row.waitingBytes),
    freeBytes: Number(row.freeBytes),
    oldestWaitingAt: row.oldestWaitingAt ?? undefined,
    troubleCode: row.troubleCode ?? undefined,
    troubleSince: row.troubleSince ?? undefined,
  }));
}
