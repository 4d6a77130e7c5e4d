import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Queue, QueueUnavailable } from "@weald/core/ports";
import { createPool } from "@weald/db";
import pg from "pg";

/** A message that a consumer holds until `visibleAt`, under this receipt. */
export type HeldMessage = {
  id: string;
  body: string;
  receives: number;
  sentAt: Date;
  firstReceivedAt: Date;
  receipt: string;
};

/** Two processes that start together make it one after the other: IF NOT EXISTS alone lets the second fail. */
const SCHEMA = `
SELECT pg_advisory_xact_lock(hashtext('weald.cloud'));
CREATE SCHEMA IF NOT EXISTS cloud;
CREATE TABLE IF NOT EXISTS cloud.message (
  id uuid PRIMARY KEY,
  queue text NOT NULL,
  body text NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  receives int NOT NULL DEFAULT 0,
  first_received_at timestamptz,
  visible_at timestamptz NOT NULL DEFAULT now(),
  receipt uuid
);
CREATE INDEX IF NOT EXISTS message_next ON cloud.message (queue, visible_at, sent_at);
CREATE TABLE IF NOT EXISTS cloud.pause (until timestamptz NOT NULL);`;

/** The queues' own schema: not Prisma's, and in production there is none of it. */
export async function ensureQueueSchema(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(SCHEMA);
  } finally {
    await client.end();
  }
}

const pools = new Map<string, pg.Pool>();

function poolOf(connectionString: string): pg.Pool {
  const known = pools.get(connectionString);
  if (known) return known;
  const pool = createPool({ connectionString, max: 3 });
  pools.set(connectionString, pool);
  return pool;
}

/** Ends this process's connections to the queues of one database. */
export async function closeQueues(connectionString: string): Promise<void> {
  const pool = pools.get(connectionString);
  pools.delete(connectionString);
  await pool?.end();
}

export type PostgresQueueOptions = { name: string; connectionString: string };

/** A queue as rows of a table: durable with the database, at least once, in no promised order. */
export function createPostgresQueue({ name, connectionString }: PostgresQueueOptions): Queue {
  return {
    name,
    async send(messages) {
      if (messages.length === 0) return;
      const ids = messages.map(() => randomUUID());
      const bodies = messages.map(({ body }) => body);
      try {
        await poolOf(connectionString).query(
          "INSERT INTO cloud.message (id, queue, body) SELECT m.id, $1, m.body FROM unnest($2::uuid[], $3::text[]) AS m(id, body)",
          [name, ids, bodies],
        );
      } catch (cause) {
        throw new QueueUnavailable("the queue's table can't be written", { cause });
      }
    },
  };
}

type Row = {
  id: string;
  body: string;
  receives: number;
  sent_at: Date;
  first_received_at: Date;
  receipt: string;
};

const idsOf = (messages: readonly HeldMessage[]) => messages.map(({ id }) => id);
const receiptsOf = (messages: readonly HeldMessage[]) => messages.map(({ receipt }) => receipt);

/**
 * What the local cloud does with a queue: SQS's verbs. A message is deleted, given back or buried only with its receipt:
 * one that became visible again is another consumer's.
 */
export function createQueueConsumer(connectionString: string) {
  // Asked for at each use: `closeQueues` ends it for everyone in this process.
  const pool = {
    query: <T extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      poolOf(connectionString).query<T>(sql, values),
  };
  return {
    async receive(queue: string, most: number, visibilitySeconds: number): Promise<HeldMessage[]> {
      const { rows } = await pool.query<Row>(
        `UPDATE cloud.message SET receives = receives + 1, first_received_at = coalesce(first_received_at, now()),
           visible_at = now() + make_interval(secs => $3), receipt = gen_random_uuid()
         WHERE id IN (SELECT id FROM cloud.message WHERE queue = $1 AND visible_at <= now()
           AND NOT EXISTS (SELECT 1 FROM cloud.pause WHERE until > now()) ORDER BY sent_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING id, body, receives, sent_at, first_received_at, receipt`,
        [queue, most, visibilitySeconds],
      );
      return rows.map(({ id, body, receives, sent_at, first_received_at, receipt }) => ({
        id,
        body,
        receives,
        sentAt: sent_at,
        firstReceivedAt: first_received_at,
        receipt,
      }));
    },
    async delete(messages: readonly HeldMessage[]): Promise<void> {
      await pool.query(
        "DELETE FROM cloud.message WHERE (id, receipt) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))",
        [idsOf(messages), receiptsOf(messages)],
      );
    },
    async release(messages: readonly HeldMessage[], afterSeconds: number): Promise<void> {
      await pool.query(
        `UPDATE cloud.message SET visible_at = now() + make_interval(secs => $3), receipt = NULL
         WHERE (id, receipt) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
        [idsOf(messages), receiptsOf(messages), afterSeconds],
      );
    },
    async moveToDeadLetters(messages: readonly HeldMessage[], deadLetters: string): Promise<void> {
      await pool.query(
        `UPDATE cloud.message SET queue = $3, visible_at = now(), receipt = NULL, receives = 0
         WHERE (id, receipt) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`,
        [idsOf(messages), receiptsOf(messages), deadLetters],
      );
    },
    /** Hands nothing out until `resume`, or so long at most, and waits until nothing is held any more. */
    async pause(mostSeconds: number): Promise<void> {
      await pool.query("DELETE FROM cloud.pause");
      await pool.query("INSERT INTO cloud.pause (until) VALUES (now() + make_interval(secs => $1))", [
        mostSeconds,
      ]);
      for (;;) {
        const { rows } = await pool.query<{ held: boolean }>(
          "SELECT EXISTS (SELECT 1 FROM cloud.message WHERE receipt IS NOT NULL AND visible_at > now()) AS held",
        );
        if (!rows[0]?.held) return;
        await wait(100);
      }
    },
    /** A pause that lasts longer than was thought. */
    async keepPaused(mostSeconds: number): Promise<void> {
      await pool.query("UPDATE cloud.pause SET until = now() + make_interval(secs => $1)", [mostSeconds]);
    },
    async resume(): Promise<void> {
      await pool.query("DELETE FROM cloud.pause");
    },
    /** At the start of a region nobody holds anything: what a killed process held is visible at once. */
    async releaseAll(): Promise<void> {
      await pool.query(
        "UPDATE cloud.message SET visible_at = now(), receipt = NULL WHERE receipt IS NOT NULL",
      );
      // A pause that a backup left, or that came back with it, is over.
      await pool.query("DELETE FROM cloud.pause");
    },
    async depths(): Promise<{ queue: string; waiting: number; oldestSeconds: number }[]> {
      const { rows } = await pool.query<{ queue: string; waiting: number; oldest: number }>(
        "SELECT queue, count(*)::int AS waiting, coalesce(extract(epoch FROM now() - min(sent_at)), 0)::float AS oldest FROM cloud.message GROUP BY queue ORDER BY queue",
      );
      return rows.map(({ queue, waiting, oldest }) => ({
        queue,
        waiting,
        oldestSeconds: Math.round(oldest),
      }));
    },
  };
}
export type QueueConsumer = ReturnType<typeof createQueueConsumer>;
