import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { livingServer } from "./server-process.ts";
import { startPostgres, stopPostgres } from "./start-postgres.ts";

function place() {
  const home = mkdtempSync(path.join(tmpdir(), "weald-pg-"));
  return { home, dataDir: path.join(home, "postgres"), logFile: path.join(home, "logs/postgres.log") };
}

async function ask(connectionString: string, sql: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe("the embedded PostgreSQL", () => {
  it("refuses the data of another version in one line", async () => {
    const { dataDir, logFile } = place();
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, "PG_VERSION"), "16\n");
    await expect(
      startPostgres({ dataDir, logFile, port: 0, password: "x", fsync: false }),
    ).rejects.toMatchObject({
      code: "DATA_OF_ANOTHER_VERSION",
      message: expect.stringContaining("PostgreSQL 16"),
    });
  });

  it("clears a half-made database, stops a server that was left, keeps its data, and logs no value", async () => {
    const { home, dataDir, logFile } = place();
    mkdirSync(path.join(home, "postgres.4711.new/base"), { recursive: true });
    const options = { dataDir, logFile, port: 0, password: "a-password", fsync: false };
    const left = await startPostgres(options);
    expect(readdirSync(home).sort()).toEqual(["logs", "postgres"]);
    await ask(left.connectionString("postgres"), "CREATE TABLE kept (nhs text UNIQUE)");
    const insert = "INSERT INTO kept VALUES ($1)";
    await ask(left.connectionString("postgres"), insert, ["9990001110"]);
    await expect(ask(left.connectionString("postgres"), insert, ["9990001110"])).rejects.toMatchObject({
      code: "23505",
    });
    await expect(
      ask(left.connectionString("postgres"), "SELECT '9990001110 of Hollis'::date"),
    ).rejects.toMatchObject({ code: "22007" });
    const first = livingServer(dataDir);
    expect(first).toBeDefined();

    // As after a kill of whoever started it: nobody has stopped the server.
    const again = await startPostgres(options);
    expect(livingServer(dataDir)).not.toBe(first);
    expect(await ask(again.connectionString("postgres"), "SELECT nhs FROM kept")).toEqual([
      { nhs: "9990001110" },
    ]);
    await stopPostgres(dataDir);
    expect(livingServer(dataDir)).toBeUndefined();
    const log = readFileSync(logFile, "utf8");
    expect(log).toContain("database system is ready");
    expect(log).not.toMatch(/9990001110|Hollis|INSERT/);
  });

  it("isn't held up by the note of a dead server whose number another program has", async () => {
    const { dataDir, logFile } = place();
    const options = { dataDir, logFile, port: 0, password: "a-password", fsync: false };
    await (await startPostgres(options)).stop();
    writeFileSync(path.join(dataDir, "postmaster.pid"), `${process.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n`);
    const again = await startPostgres(options);
    expect(await ask(again.connectionString("postgres"), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await again.stop();
  });
});
