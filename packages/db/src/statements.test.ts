import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type Database, type TransactionOptions } from "./database.ts";
import { Prisma } from "./generated/prisma/client.ts";
import { createMigratedDatabase, type MigratedDatabase, withClient } from "./scratch-database.ts";
import { createStatements, limitOf, unweighed } from "./statements.ts";

const SYSTEM = { organisation: null, patients: [], now: new Date("2026-11-02T09:30:00Z") };

describe("the name of a statement", () => {
  it("is the same for the same text and no other's, and nothing has one that isn't planned", () => {
    const { nameOf } = createStatements();
    expect(nameOf("SELECT 1")).toBe(nameOf("SELECT 1"));
    expect(nameOf("\n  INSERT INTO t VALUES ($1)")).not.toBe(nameOf("SELECT 1"));
    expect(nameOf("COMMIT")).toBe("");
  });

  it("is given to so many only: what is put together anew each time fills no connection's memory", () => {
    const { nameOf } = createStatements(2);
    const names = ["SELECT 1", "SELECT 2", "SELECT 3", "SELECT 1"].map(nameOf);
    expect(names[2]).toBe("");
    expect(names[3]).toBe(names[0]);
  });

  it("is never given again to another, once all were forgotten", () => {
    const { nameOf, forget } = createStatements();
    const before = nameOf("SELECT 1");
    forget();
    expect([nameOf("SELECT 2"), nameOf("SELECT 1")]).not.toContain(before);
  });
});

it("a limit is part of the statement, and a whole number", () => {
  expect(limitOf(51).text).toBe("LIMIT 51");
  for (const none of [-1, 1.5, Number.NaN]) expect(() => limitOf(none)).toThrow(RangeError);
});

describe("a condition that the planner makes nothing of", () => {
  let scratch: MigratedDatabase;
  let db: Database;
  beforeAll(async () => {
    scratch = await createMigratedDatabase();
    db = createDatabase({ connectionString: scratch.url, maxConnections: 1 });
    await withClient(scratch.url, (owner) =>
      owner.query(
        "CREATE TABLE probe AS SELECT nullif(n, 0) AS n FROM generate_series(0, 999) n; ANALYZE probe",
      ),
    );
  });
  afterAll(async () => {
    await db.close();
    await scratch.drop();
  });

  it("holds for the same rows: what is unknown isn't among them", async () => {
    const found = await db.transaction(
      SYSTEM,
      (tx) => tx.$queryRaw`SELECT n FROM probe WHERE ${unweighed(Prisma.sql`n < 3`)} ORDER BY n`,
    );
    expect(found).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("counts for nearly all of them in the plan, however rare it is", async () => {
    const [told] = await db.transaction(
      SYSTEM,
      (tx) => tx.$queryRaw<[{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }]>`
        EXPLAIN (FORMAT JSON) SELECT n FROM probe WHERE ${unweighed(Prisma.sql`n < 3`)}`,
    );
    expect(told["QUERY PLAN"][0].Plan["Plan Rows"]).toBeGreaterThan(900);
  });
});

describe("a statement that a connection has run", () => {
  let scratch: MigratedDatabase;
  let one: Database;
  beforeAll(async () => {
    scratch = await createMigratedDatabase();
    one = createDatabase({ connectionString: scratch.url, maxConnections: 1 });
    await withClient(scratch.url, (owner) =>
      owner.query("CREATE TABLE probe (id int); INSERT INTO probe VALUES (7)"),
    );
  });
  afterAll(async () => {
    await one.close();
    await scratch.drop();
  });
  const probed = () =>
    one.transaction(SYSTEM, (tx) => tx.$queryRaw<Record<string, unknown>[]>`SELECT * FROM probe`);
  /** How often the connection has run it by its name. */
  const runs = () =>
    one.transaction(
      SYSTEM,
      (tx) => tx.$queryRaw<{ runs: number }[]>`
        SELECT (generic_plans + custom_plans)::int AS runs FROM pg_prepared_statements WHERE statement = 'SELECT * FROM probe' ORDER BY prepare_time`,
    );

  it("is known to it by its name", async () => {
    for (let time = 0; time < 3; time += 1) expect(await probed()).toEqual([{ id: 7 }]);
    expect(await runs()).toEqual([{ runs: 3 }]);
  });

  it("is planned for any values in a transaction that plans once, and after it as PostgreSQL chooses", async () => {
    const asked = (options: TransactionOptions) =>
      one.transaction(SYSTEM, (tx) => tx.$queryRaw`SELECT id FROM probe WHERE id = ${7}::int`, options);
    const plans = () =>
      one.transaction(
        SYSTEM,
        (tx) => tx.$queryRaw<Record<string, number>[]>`
          SELECT generic_plans::int AS any, custom_plans::int AS these FROM pg_prepared_statements WHERE statement = 'SELECT id FROM probe WHERE id = $1::int'`,
      );
    await asked({ isPlannedOnce: true });
    await asked({ isPlannedOnce: true });
    expect(await plans()).toEqual([{ any: 2, these: 0 }]);
    await asked({});
    expect(await plans()).toEqual([{ any: 2, these: 1 }]);
  });

  it("and that answers otherwise since a column was added is planned anew, and asked once more", async () => {
    await withClient(scratch.url, (owner) => owner.query("ALTER TABLE probe ADD COLUMN more text"));
    expect(await probed()).toEqual([{ id: 7, more: null }]);
    expect(await runs()).toHaveLength(2);
  });
});
