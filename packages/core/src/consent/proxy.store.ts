import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Of } from "./release.store.ts";

export const BASES = ["parental-responsibility", "lasting-power", "deputy", "nomination"] as const;
export type Basis = (typeof BASES)[number];

export type Proxy = {
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
type Row = Omit<Proxy, Optional | "basis"> & { [K in Optional]: NonNullable<Proxy[K]> | null } & {
  basis: string;
};
const shape = (row: Row): Proxy => ({
  ...row,
  basis: BASES.find((one) => one === row.basis) ?? "nomination",
  suspendedAt: row.suspendedAt ?? undefined,
  suspendedFor: row.suspendedFor ?? undefined,
  toldFor: row.toldFor ?? undefined,
  reviewedFor: row.reviewedFor ?? undefined,
  endedAt: row.endedAt ?? undefined,
});

export type NewProxy = Of & Pick<Proxy, "id" | "name" | "basis" | "evidence">;

export async function insertProxy(tx: Tx, proxy: NewProxy & { reviewedFor: number | null }): Promise<void> {
  await databaseOf(tx).patientProxy.createMany({
    data: [{ ...proxy, seenBy: tx.actor.id, seenAt: tx.now }],
    skipDuplicates: true,
  });
}

export async function findProxy(tx: Tx, id: string): Promise<Proxy | undefined> {
  const row = await databaseOf(tx).patientProxy.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

export async function findProxies(tx: Tx, of: { patientId: string; organisation: string }): Promise<Proxy[]> {
  const rows = await databaseOf(tx).patientProxy.findMany({
    where: { ...of, endedAt: null },
    select: columns,
    orderBy: { seenAt: "desc" },
  });
  return rows.map(shape);
}
