import type { DatabaseTransaction } from "@weald/db";
import type { Actor } from "./actor.ts";

const DB = Symbol("database transaction");

/** What the inside of a transaction may use. It has no ports, by type: nothing in it waits for the outside. */
export type Tx = {
  readonly actor: Actor;
  readonly now: Date;
  /** Writes an outbox row: told after the commit, at least once. */
  enqueue(type: `${string}.${string}`, payload: Record<string, unknown>): Promise<void>;
  readonly [DB]: DatabaseTransaction;
};

export function openTx(db: DatabaseTransaction, actor: Actor, now: Date): Tx {
  return {
    actor,
    now,
    async enqueue(type, payload) {
      await db.outbox.create({ data: { type, payload: payload as object }, select: { id: true } });
    },
    [DB]: db,
  };
}

/** For `*.store.ts` only (checked by dependency-cruiser). */
export const databaseOf = (tx: Tx): DatabaseTransaction => tx[DB];
