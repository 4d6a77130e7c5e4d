import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { ActivityGrant } from "./activity-grant.ts";

const SELECT = {
  id: true,
  personId: true,
  activity: true,
  modalities: true,
  bodyParts: true,
  startsAt: true,
  endsAt: true,
  grantedBy: true,
  grantedAt: true,
  reason: true,
  endedBy: true,
  endedReason: true,
} as const;

export type NewGrant = Omit<ActivityGrant, "grantId" | "grantedAt" | "endedBy" | "endedReason"> & {
  organisation: string;
};

export async function writeGrant(tx: Tx, grant: NewGrant): Promise<string> {
  const { id } = await databaseOf(tx).activityGrant.create({
    data: { ...grant, grantedAt: tx.now },
    select: { id: true },
  });
  return id;
}

/** Whose grant it is and until when. */
export async function findGrant(
  tx: Tx,
  grantId: string,
): Promise<{ organisation: string; personId: string; activity: string; endsAt: Date } | undefined> {
  const row = await databaseOf(tx).activityGrant.findUnique({
    where: { id: grantId },
    select: { organisation: true, personId: true, activity: true, endsAt: true },
  });
  return row ?? undefined;
}

/** Ends one that is in force or still to come. */
export async function closeGrant(
  tx: Tx,
  { grantId, reason }: { grantId: string; reason: string },
): Promise<boolean> {
  const { count } = await databaseOf(tx).activityGrant.updateMany({
    where: { id: grantId, endsAt: { gt: tx.now } },
    data: { endsAt: tx.now, endedBy: tx.actor.id, endedReason: reason },
  });
  return count === 1;
}

const SHOWN_FOR_DAYS = 90;
const MOST_GRANTS = 2000;

/** An organisation's grants that hold, are to come, or ended in the last 90 days. */
export async function grantsOf(tx: Tx, organisation: string): Promise<ActivityGrant[]> {
  const since = new Date(tx.now.getTime() - SHOWN_FOR_DAYS * 86_400_000);
  const rows = await databaseOf(tx).activityGrant.findMany({
    where: { organisation, endsAt: { gt: since } },
    select: SELECT,
    orderBy: { grantedAt: "desc" },
    take: MOST_GRANTS,
  });
  return rows.map(({ id, ...row }) => ({ grantId: id, ...row }));
}
