import path from "node:path";
import { migrateDatabase } from "@weald/adapters/migrate";
import { ensureQueueSchema } from "@weald/adapters/queue/postgres";
import { DatabaseIsNewer } from "@weald/db/migrate";
import pg from "pg";
import { dataDirOf, type Secrets, StartFailed } from "../home/index.ts";
import { type RunningPostgres, startPostgres } from "../postgres/index.ts";

const DATABASE = "weald";
const isDuplicate = (error: unknown) => error instanceof Error && "code" in error && error.code === "42P04";

async function ask(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export type RunningDatabase = {
  postgres: RunningPostgres;
  ownerUrl: string;
  appUrl: string;
  applied: number;
};

/** PostgreSQL up, the database there, migrated forward, the runtime role with this region's password. */
export async function openDatabase(options: {
  home: string;
  port: number;
  secrets: Secrets;
  say: (text: string) => void;
}): Promise<RunningDatabase> {
  const { home, port, secrets, say } = options;
  const postgres = await startPostgres({
    dataDir: dataDirOf(home),
    port,
    password: secrets.postgresPassword,
    fsync: true,
    logFile: path.join(home, "logs/postgres.log"),
    say,
  });
  try {
    await ask(postgres.connectionString("postgres"), `CREATE DATABASE ${DATABASE}`).catch(
      (error: unknown) => {
        if (!isDuplicate(error)) throw error;
      },
    );
    const ownerUrl = postgres.connectionString(DATABASE);
    const applied = await migrateDatabase({ ownerUrl, password: secrets.appPassword });
    await ensureQueueSchema(ownerUrl);
    const appUrl = postgres.connectionString(DATABASE, "weald_app", secrets.appPassword);
    return { postgres, ownerUrl, appUrl, applied: applied.length };
  } catch (error) {
    await postgres.stop();
    if (error instanceof DatabaseIsNewer)
      throw new StartFailed(
        "DATABASE_IS_NEWER",
        "This region's database was migrated by a newer Weald. Start that one, or choose another WEALD_HOME.",
      );
    throw error;
  }
}
