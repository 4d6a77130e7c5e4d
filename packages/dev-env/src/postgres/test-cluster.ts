import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { migrateDatabase } from "@weald/adapters/migrate";
import pg from "pg";
import { livingServer } from "./server-process.ts";
import { type RunningPostgres, startPostgres } from "./start-postgres.ts";

const TEMPLATE = "weald_template";
export const TEST_APP_PASSWORD = "weald-app-in-tests";

export type TestCluster = {
  adminUrl: string;
  logFile: string;
  /** Stopped and started again, on the same data and port. */
  restart(): Promise<void>;
  /** Ended at once in the middle of everything, and started again: its log replays what it had not yet written. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whose the tables are: no superuser, as Aurora's own master isn't one. Row-level security holds for it as for everybody. */
const OWNER = "weald_owner";

async function makeTemplate(postgres: RunningPostgres, password: string): Promise<void> {
  await withClient(postgres.connectionString("postgres"), async (client) => {
    await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD '${password}'`);
    await client.query(`CREATE DATABASE ${TEMPLATE} OWNER ${OWNER}`);
  });
  const ownerUrl = postgres.connectionString(TEMPLATE, OWNER);
  await migrateDatabase({ ownerUrl, password: TEST_APP_PASSWORD });
}

/**
 * One cluster for a whole test run, with a migrated template: a database a test file takes 0.1 s. Without fsync, except
 * for measuring.
 */
export async function startTestCluster({ fsync = false } = {}): Promise<TestCluster> {
  const home = mkdtempSync(path.join(tmpdir(), "weald-test-pg-"));
  const logFile = path.join(home, "log");
  const password = randomBytes(12).toString("hex");
  const dataDir = path.join(home, "data");
  const start = (port: number) => startPostgres({ dataDir, port, password, fsync, logFile });
  let postgres = await start(0);
  await makeTemplate(postgres, password);
  return {
    adminUrl: postgres.connectionString("postgres"),
    logFile,
    async restart() {
      await postgres.stop();
      postgres = await start(postgres.port);
    },
    async crash() {
      const pid = livingServer(dataDir);
      if (pid !== undefined) process.kill(pid, "SIGQUIT");
      postgres = await start(postgres.port);
    },
    async stop() {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export type TestDatabase = { ownerUrl: string; appUrl: string; drop(): Promise<void> };

/** A database of one's own from the template of the cluster that the test run has started. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.WEALD_TEST_POSTGRES;
  if (!adminUrl) throw new Error("the test cluster isn't running: vitest's global set-up starts it");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const owner = new URL(adminUrl);
  owner.pathname = `/${name}`;
  const app = new URL(owner);
  app.username = "weald_app";
  app.password = TEST_APP_PASSWORD;
  return {
    ownerUrl: owner.toString(),
    appUrl: app.toString(),
    drop: () =>
      withClient(adminUrl, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}
