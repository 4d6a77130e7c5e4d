import type { ArrivalHour } from "../ingest/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";

/** The last hour of a trust that was counted. */
export async function lastCounted(tx: Tx, custodian: string): Promise<Date | undefined> {
  const row = await databaseOf(tx).arrivalHour.findFirst({
    where: { custodian },
    select: { hour: true },
    orderBy: { hour: "desc" },
  });
  return row?.hour;
}

/** Counted again, an hour says the same: its objects are settled. */
export async function keepHours(tx: Tx, custodian: string, hours: readonly ArrivalHour[]): Promise<void> {
  await databaseOf(tx).arrivalHour.createMany({
    data: hours.map((one) => ({ custodian, ...one })),
    skipDuplicates: true,
  });
}

export type Stored = { instances: number; sizeBytes: number; first: Date | undefined };

/** All that was counted of a trust, or of it what came before an hour. */
export async function sumHours(tx: Tx, custodian: string, before?: Date): Promise<Stored> {
  const { _sum, _min } = await databaseOf(tx).arrivalHour.aggregate({
    where: { custodian, ...(before ? { hour: { lt: before } } : {}) },
    _sum: { instances: true, sizeBytes: true },
    _min: { hour: true },
  });
  return {
    instances: _sum.instances ?? 0,
    sizeBytes: Number(_sum.sizeBytes ?? 0),
    first: _min.hour ?? undefined,
  };
}
