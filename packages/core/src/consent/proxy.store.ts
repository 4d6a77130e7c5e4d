import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Of } from "./release.store.ts";

export const BASES = ["parental-responsibility", "lasting-power", "deputy", "nomination"] as const;
export type Basis = (typeof BASES)[number];

export type PatientProxy = {
  id: string;
  organisation: string;
  patientRecordId: string;
  patientId: string;
  name: string;
  basis: Basis;
  evidence: string;
  seenBy: string;
  seenAt: Date;
  suspendedAt: Date | undefined;
  suspendedFor: number | undefined;
  toldFor: number | undefined;
  reviewedFor: number | undefined;
  endedAt: Date | undefined;
};

const columns = {
  ...{ id: true, organisation: true, patientRecordId: true, patientId: true, name: true, basis: true },
  ...{ evidence: true, seenBy: true, seenAt: true, suspendedAt: true, suspendedFor: true, toldFor: true },
  ...{ reviewedFor: true, endedAt: true },
} as const;

type Optional = "suspendedAt" | "suspendedFor" | "toldFor" | "reviewedFor" | "endedAt";
type Row = Omit<PatientProxy, Optional | "basis"> & {
  [K in Optional]: NonNullable<PatientProxy[K]> | null;
} & {
  basis: string;
};
const shape = (row: Row): PatientProxy => ({
  ...row,
  basis: BASES.find((one) => one === row.basis) ?? "nomination",
  suspendedAt: row.suspendedAt ?? undefined,
  suspendedFor: row.suspendedFor ?? undefined,
  toldFor: row.toldFor ?? undefined,
  reviewedFor: row.reviewedFor ?? undefined,
  endedAt: row.endedAt ?? undefined,
});

export type NewProxy = Of & Pick<PatientProxy, "id" | "name" | "basis" | "evidence">;

export async function insertProxy(tx: Tx, proxy: NewProxy & { reviewedFor: number | null }): Promise<void> {
  await databaseOf(tx).patientProxy.createMany({
    data: [{ ...proxy, seenBy: tx.actor.id, seenAt: tx.now }],
    skipDuplicates: true,
  });
}

export async function findProxy(tx: Tx, id: string): Promise<PatientProxy | undefined> {
  const row = await databaseOf(tx).patientProxy.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function findProxies(
  tx: Tx,
  of: { patientId: string; organisation: string },
): Promise<PatientProxy[]> {
  const rows = await databaseOf(tx).patientProxy.findMany({
    where: { ...of, endedAt: null },
    select: columns,
    orderBy: { seenAt: "desc" },
  });
  return rows.map(shape);
}

export async function endProxyNow(
  tx: Tx,
  id: string,
  { by, why }: { by: string; why: "by-staff" | "death" },
): Promise<void> {
  await databaseOf(tx).patientProxy.updateMany({
    where: { id, endedAt: null },
    data: { endedAt: tx.now, endedBy: by, endedWhy: why },
  });
}

export async function noteReview(tx: Tx, id: string, age: number): Promise<void> {
  await databaseOf(tx).patientProxy.update({
    where: { id },
    data: { reviewedFor: age, reviewedBy: tx.actor.id, reviewedAt: tx.now, suspendedAt: null },
    select: { id: true },
  });
}

export async function suspendProxy(tx: Tx, id: string, age: number): Promise<void> {
  await databaseOf(tx).patientProxy.update({
    where: { id },
    data: { suspendedAt: tx.now, suspendedFor: age },
    select: { id: true },
  });
}

export async function noteTold(tx: Tx, id: string, age: number): Promise<void> {
  await databaseOf(tx).patientProxy.update({
    where: { id },
    data: { toldFor: age },
    select: { id: true },
  });
}

/** A round of those that still act for somebody, by id. */
export async function findActing(tx: Tx, after: string | undefined, most: number): Promise<PatientProxy[]> {
  const rows = await databaseOf(tx).patientProxy.findMany({
    where: { endedAt: null, ...(after ? { id: { gt: after } } : {}) },
    select: columns,
    orderBy: { id: "asc" },
    take: most,
  });
  return rows.map(shape);
}

/** Records of people who died and of whom a link or a proxy still stands. */
export async function findDied(tx: Tx, most: number): Promise<string[]> {
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    SELECT r.id::text FROM patient_record r WHERE r.died_at IS NOT NULL AND (
      EXISTS (SELECT 1 FROM patient_link l WHERE l.patient_id = r.patient_id AND l.ended_at IS NULL AND l.ends_at > ${tx.now}::timestamptz)
      OR EXISTS (SELECT 1 FROM patient_proxy p WHERE p.patient_id = r.patient_id AND p.ended_at IS NULL))
    ORDER BY r.id LIMIT ${most}`;
  return rows.map(({ id }) => id);
}
