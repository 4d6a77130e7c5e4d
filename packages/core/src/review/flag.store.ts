import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Delay, Look } from "./unusual.ts";

export async function findProgress(tx: Tx, afterHours: Delay): Promise<Date | undefined> {
  const row = await databaseOf(tx).reviewProgress.findUnique({
    where: { afterHours },
    select: { until: true },
  });
  return row?.until;
}

export async function moveProgress(tx: Tx, afterHours: Delay, until: Date): Promise<void> {
  await databaseOf(tx).reviewProgress.upsert({
    where: { afterHours },
    create: { afterHours, until },
    update: { until },
    select: { afterHours: true },
  });
}

/** One flag a person, patient and day: a rule that finds it later adds its reason, and a reviewed one waits again. */
export async function raiseFlag(
  tx: Tx,
  look: Omit<Look, "purpose">,
  rules: readonly string[],
  detail: Record<string, number> | null = null,
): Promise<void> {
  await databaseOf(tx).$executeRaw(Prisma.sql`
    INSERT INTO access_flag AS f (id, day, person_id, role, organisation, custodian, patient_id, rules, event_id, raised_at, detail)
    VALUES (uuidv7(), (${look.at}::timestamptz AT TIME ZONE 'UTC')::date, ${look.personId}, ${look.role}, ${look.organisation},
      ${look.custodian}, ${look.patientId}::uuid, ${[...rules]}::text[], ${look.eventId}::uuid, ${tx.now}::timestamptz,
      ${detail && JSON.stringify(detail)}::jsonb)
    ON CONFLICT (day, person_id, patient_id) DO UPDATE
      SET rules = (SELECT array_agg(DISTINCT r ORDER BY r) FROM unnest(f.rules || excluded.rules) r),
        outcome = NULL, note = NULL, reviewed_by = NULL, reviewed_at = NULL, raised_at = excluded.raised_at,
        detail = coalesce(excluded.detail, f.detail)
      WHERE NOT f.rules @> excluded.rules`);
}

/** Whether this rule has flagged the person since then. */
export async function wasFlagged(tx: Tx, personId: string, rule: string, since: Date): Promise<boolean> {
  const found = await databaseOf(tx).accessFlag.findFirst({
    where: { personId, rules: { has: rule }, raisedAt: { gte: since } },
    select: { id: true },
  });
  return found !== null;
}

export const OUTCOMES = ["explained", "no-concern", "inappropriate"] as const;
export type Outcome = (typeof OUTCOMES)[number];

const columns = {
  id: true,
  day: true,
  personId: true,
  role: true,
  organisation: true,
  custodian: true,
  patientId: true,
  rules: true,
  detail: true,
  raisedAt: true,
  outcome: true,
  note: true,
  reviewedBy: true,
  reviewedAt: true,
} as const;
export type FlagRow = Prisma.AccessFlagGetPayload<{ select: typeof columns }>;

/** Of a trust: its staff looked, or it was its record. Those that wait stand first, then the newest. */
export const findFlags = (tx: Tx, trust: string, limit: number): Promise<FlagRow[]> =>
  databaseOf(tx).accessFlag.findMany({
    where: { OR: [{ organisation: trust }, { custodian: trust }] },
    select: columns,
    orderBy: [{ reviewedAt: { sort: "desc", nulls: "first" } }, { raisedAt: "desc" }, { id: "desc" }],
    take: limit,
  });

export async function findFlag(tx: Tx, id: string): Promise<FlagRow | undefined> {
  return (await databaseOf(tx).accessFlag.findUnique({ where: { id }, select: columns })) ?? undefined;
}

export async function closeFlag(
  tx: Tx,
  id: string,
  { outcome, note }: { outcome: Outcome; note: string },
): Promise<void> {
  await databaseOf(tx).accessFlag.update({
    where: { id },
    data: { outcome, note, reviewedBy: tx.actor.id, reviewedAt: tx.now },
    select: { id: true },
  });
}
