import type { DatabaseTransaction } from "@weald/db";
import type { Actor } from "./actor.ts";
import type { Ctx } from "./ctx.ts";
import { type Purpose, purposeOf } from "./purpose.ts";

const DB = Symbol("database transaction");

/** What the inside of a transaction may use. It has no ports, by type: nothing in it waits for the outside. */
export type Tx = {
  readonly actor: Actor;
  readonly purpose: Purpose;
  /** When the identity provider last asked who this person is. */
  readonly provedAt: Date | undefined;
  readonly now: Date;
  /** Writes an outbox row for each payload, in one statement: told after the commit, at least once. */
  enqueue(type: `${string}.${string}`, ...payloads: readonly Record<string, unknown>[]): Promise<void>;
  readonly [DB]: DatabaseTransaction;
};

type Asking = Pick<Ctx, "actor" | "purpose" | "session">;

export function openTx(db: DatabaseTransaction, { actor, purpose, session }: Asking, now: Date): Tx {
  return {
    actor,
    purpose: purpose ?? purposeOf(actor),
    provedAt: session?.provedAt,
    now,
    async enqueue(type, ...payloads) {
      if (payloads.length === 0) return;
      await db.$executeRaw`
        INSERT INTO outbox (type, payload)
        SELECT ${type}, p.payload FROM jsonb_array_elements(${JSON.stringify(payloads)}::jsonb) WITH ORDINALITY AS p(payload, at)
        ORDER BY p.at`;
    },
    [DB]: db,
  };
}

/** For `*.store.ts` only (checked by dependency-cruiser). */
export const databaseOf = (tx: Tx): DatabaseTransaction => tx[DB];
