import type { DatabaseTransaction } from "@weald/db";
import type { Actor } from "./actor.ts";
import { type Purpose, purposeOf } from "./purpose.ts";

/** The session by which a person asks, as it stands in this transaction. Actions are refused in any but one that is alive. */
export type SessionStanding = {
  readonly id: string;
  readonly provedAt: Date;
  readonly state: "alive" | "locked" | "ended";
  /** It is a meeting's display: of this meeting's list it shows what its person may see, and nothing else (clinical page §6). */
  readonly displayOf: string | undefined;
};
export type Standing = { readonly actor: Actor; readonly session: SessionStanding | undefined };

const DB = Symbol("database transaction");

/** What the inside of a transaction may use. It has no ports, by type: nothing in it waits for the outside. */
export type Tx = {
  /** Who asks, with what an administrator gave them until now. */
  readonly actor: Actor;
  readonly purpose: Purpose;
  /** Their session, and when they proved who they are. `undefined`: they ask without one (a token, our own function). */
  readonly session: SessionStanding | undefined;
  readonly now: Date;
  /** Writes an outbox row for each payload, in one statement: told after the commit, at least once. */
  enqueue(type: `${string}.${string}`, ...payloads: readonly Record<string, unknown>[]): Promise<void>;
  readonly [DB]: DatabaseTransaction;
};

type Asking = Standing & { readonly purpose?: Purpose | undefined };

export function openTx(db: DatabaseTransaction, { actor, session, purpose }: Asking, now: Date): Tx {
  return {
    actor,
    session,
    purpose: purpose ?? purposeOf(actor),
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
