import { randomUUID } from "node:crypto";
import pg from "pg";
import { createDatabase, type Database } from "./database.ts";
import { migrateDeploy } from "./migrate.ts";

/** An empty database of one's own in the cluster of the test run. For this package's tests alone. */
export type ScratchDatabase = { url: string; drop(): Promise<void> };

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const cluster = process.env.WEALD_TEST_POSTGRES;
  if (!cluster) throw new Error("the test cluster isn't running: vitest's global set-up starts it");
  const name = `scratch_${randomUUID().replaceAll("-", "")}`;
  await withClient(cluster, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () =>
      withClient(cluster, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

export type MigratedDatabase = ScratchDatabase & { database: Database };

/** One with all its tables, asked as the product does, a second a transaction. */
export async function createMigratedDatabase(): Promise<MigratedDatabase> {
  const { url, drop } = await createScratchDatabase();
  await migrateDeploy(url);
  const database = createDatabase({ connectionString: url, transactionSeconds: 1 });
  return {
    ...{ url, database },
    async drop() {
      await database.close();
      await drop();
    },
  };
}
