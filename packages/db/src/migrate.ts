import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

export const migrationsFolder = fileURLToPath(new URL("../prisma/migrations", import.meta.url));

const PRISMA_MIGRATE_LOCK = 72707369;
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** A migration that is in the database but not in this program's folder: the program is older than its data. */
export class DatabaseIsNewer extends Error {
  readonly code = "DATABASE_IS_NEWER";
  readonly migration: string;
  constructor(migration: string) {
    super(
      `The database was written by a newer Weald (${migration}). Start that version, or restore a backup of this one.`,
    );
    this.migration = migration;
  }
}

type Applied = { migration_name: string; finished_at: Date | null };

async function applyOne(client: pg.Client, folder: string, name: string): Promise<void> {
  const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8");
  const id = randomUUID();
  const checksum = createHash("sha256").update(sql).digest("hex");
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), 1)",
      [id, checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK");
    throw new Error(`migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** The runtime role's, as this region has it. The migrations make the role without one. */
export async function setRuntimePassword(ownerUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`ALTER ROLE weald_app PASSWORD ${client.escapeLiteral(password)}`);
  } finally {
    await client.end();
  }
}

/**
 * Applies what is missing of a folder of Prisma migrations, as `prisma migrate deploy` would, with only the driver.
 *
 * @returns The names that were applied, in order.
 * @throws {DatabaseIsNewer} `DATABASE_IS_NEWER` when the database knows a migration that the folder lacks.
 */
export async function migrateDeploy(connectionString: string, folder = migrationsFolder): Promise<string[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_MIGRATE_LOCK]);
    await client.query(BOOKKEEPING);
    const rows = await client.query<Applied>(
      "SELECT migration_name, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const unknown = rows.rows.find((row) => !names.includes(row.migration_name));
    if (unknown) throw new DatabaseIsNewer(unknown.migration_name);
    const applied = new Set(rows.rows.filter((row) => row.finished_at).map((row) => row.migration_name));
    const missing = names.filter((name) => !applied.has(name));
    for (const name of missing) await applyOne(client, folder, name);
    return missing;
  } finally {
    await client.end();
  }
}
