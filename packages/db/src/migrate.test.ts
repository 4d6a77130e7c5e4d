import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrateDeploy, migrationsFolder } from "./migrate.ts";
import { createScratchDatabase, type ScratchDatabase, withClient } from "./scratch-database.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const folders = () =>
  readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Prisma's own word on what a database lacks of the schema: by its WASM engine, offline. */
function difference(url: string): Promise<{ code: number; said: string }> {
  const args = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema", "--exit-code"];
  return new Promise((resolve) => {
    execFile(
      path.join(PACKAGE, "node_modules/.bin/prisma"),
      args,
      { cwd: PACKAGE, env: { ...process.env, DATABASE_URL: url } },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : 0;
        resolve({ code, said: `${stdout}${stderr}` });
      },
    );
  });
}

describe("migrations", () => {
  let database: ScratchDatabase;
  let folder: string;
  const add = (name: string, sql: string) => {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, "migration.sql"), sql);
  };
  const tables = () =>
    withClient(database.url, async (client) =>
      (await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows.map(
        (row: { tablename: string }) => row.tablename,
      ),
    );
  beforeEach(async () => {
    database = await createScratchDatabase();
    folder = mkdtempSync(path.join(tmpdir(), "weald-migrations-"));
    cpSync(migrationsFolder, folder, { recursive: true });
  });
  afterEach(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("make of an empty database what the schema says, and a column more or less is seen", async () => {
    expect(await migrateDeploy(database.url)).toEqual(folders());
    expect(await difference(database.url)).toMatchObject({ code: 0 });
    await withClient(database.url, (client) => client.query("ALTER TABLE study DROP COLUMN site"));
    const { code, said } = await difference(database.url);
    expect(code).toBe(2);
    expect(said).toContain("site");
  });

  it("run once: a second start applies nothing", async () => {
    await migrateDeploy(database.url);
    expect(await migrateDeploy(database.url)).toEqual([]);
  });

  it("run once when two processes start together", async () => {
    const [one, other] = await Promise.all([migrateDeploy(database.url), migrateDeploy(database.url)]);
    expect([...one, ...other].sort()).toEqual(folders());
  });

  it("bring forward what an earlier Weald wrote, and only what is missing", async () => {
    await migrateDeploy(database.url);
    add("29990101000000_next", "CREATE TABLE next_thing (id int)");
    expect(await migrateDeploy(database.url, folder)).toEqual(["29990101000000_next"]);
    expect(await tables()).toContain("next_thing");
  });

  it("an older Weald refuses the data of a newer one, and names what it doesn't know", async () => {
    add("29990101000000_next", "CREATE TABLE next_thing (id int)");
    await migrateDeploy(database.url, folder);
    await expect(migrateDeploy(database.url)).rejects.toMatchObject({
      code: "DATABASE_IS_NEWER",
      migration: "29990101000000_next",
    });
  });

  it("one that fails leaves nothing of itself, and is tried again when it is mended", async () => {
    await migrateDeploy(database.url);
    add("29990101000000_next", "CREATE TABLE next_thing (id int); SELECT 1 / 0");
    await expect(migrateDeploy(database.url, folder)).rejects.toThrow("29990101000000_next");
    expect(await tables()).not.toContain("next_thing");
    writeFileSync(path.join(folder, "29990101000000_next/migration.sql"), "CREATE TABLE next_thing (id int)");
    expect(await migrateDeploy(database.url, folder)).toEqual(["29990101000000_next"]);
  });

  it("are in Prisma's own books: `migrate deploy` finds nothing to do", async () => {
    await migrateDeploy(database.url);
    const books = await withClient(database.url, async (client) =>
      client.query(
        "SELECT migration_name, checksum, finished_at, applied_steps_count FROM _prisma_migrations",
      ),
    );
    expect(books.rows).toHaveLength(folders().length);
    for (const row of books.rows)
      expect(row).toMatchObject({ applied_steps_count: 1, checksum: expect.any(String) });
  });
});
