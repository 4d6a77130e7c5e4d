import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "./database.ts";
import { migrateDeploy } from "./migrate.ts";
import { createScratchDatabase, type ScratchDatabase, withClient } from "./scratch-database.ts";

const ROWS = 20_000;
const [AT, LATER] = ["2026-11-02T09:30:00Z", "2026-12-24T00:00:00Z"];

/** Five trusts: RXC, RA2 and RTK share, RYR's agreement ends on 1 December, RTP has none. One patient of each, and one of two. */
const FIXTURE = `
INSERT INTO organisation SELECT o, o, 'member', '{}' FROM unnest(ARRAY['RXC','RA2','RTK','RYR','RTP']) o;
INSERT INTO agreement SELECT uuidv7(), o, '2026-01-01', NULL FROM unnest(ARRAY['RXC','RA2','RTK']) o;
INSERT INTO agreement VALUES (uuidv7(), 'RYR', '2026-01-01', '2026-12-01');
INSERT INTO patient SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid FROM generate_series(1, 5) n;
INSERT INTO patient_record (id, patient_id, custodian, local_number, family, given, family_key, given_key, birth_date, sensitivities, linked_how, linked_by, linked_at)
  SELECT p.id, p.id, (ARRAY['RXC','RA2','RTK','RYR','RTP'])[n], 'L' || n, 'F', 'G', 'F', 'G', '1961-04-03', '{}', 'x', 'x', now()
  FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM patient) p;
INSERT INTO study (id, custodian, study_instance_uid, patient_record_id, patient_id, storage_id, modalities, body_parts)
  SELECT id, custodian, '1.2.' || local_number, id, patient_id, local_number, '{}', '{}' FROM patient_record;
INSERT INTO series (id, study_id, custodian, series_instance_uid, modality, last_arrived_at)
  SELECT id, id, custodian, '1.3.' || id, 'DX', now() FROM study;`;

const MANY = `
INSERT INTO patient SELECT uuidv7() FROM generate_series(1, ${ROWS});
INSERT INTO patient_record (id, patient_id, custodian, local_number, nhs_number, family, given, family_key, given_key, birth_date, sensitivities, linked_how, linked_by, linked_at)
  SELECT uuidv7(), p.id, (ARRAY['RXC','RA2','RTK'])[1 + (n % 3)], 'M' || n, n::text, 'F', 'G', 'F' || (n % 700), 'G' || (n % 300),
    date '1940-01-01' + ((n * 7) % 25000)::int, '{}', 'x', 'x', now()
  FROM (SELECT id, row_number() OVER () AS n FROM patient WHERE id > '00000000-0000-7000-8000-00000000000f') p;
INSERT INTO study (id, custodian, study_instance_uid, patient_record_id, patient_id, storage_id, studied_at, modalities, body_parts)
  SELECT uuidv7(), custodian, '1.2.' || local_number, id, patient_id, local_number, timestamptz '2020-01-01' + random() * interval '5 years', '{CT}', '{}'
  FROM patient_record WHERE local_number LIKE 'M%';
ANALYZE;`;

type Facts = { organisation: string | null; patients?: string; at?: string };

describe("row-level security, as the runtime role", () => {
  let database: ScratchDatabase;
  let app: pg.Client;

  beforeAll(async () => {
    database = await createScratchDatabase();
    await migrateDeploy(database.url);
    await withClient(database.url, async (owner) => {
      await owner.query(FIXTURE);
      await owner.query(MANY);
    });
    app = new pg.Client({ connectionString: database.url });
    await app.connect();
    // The session of the role itself would need its password; the rights are the same.
    await app.query("SET SESSION AUTHORIZATION weald_app");
  });
  afterAll(async () => {
    await app.end();
    await database.drop();
  });

  /** Runs in a transaction that is rolled back. Without facts, none are set. */
  async function within<T>(facts: Facts | undefined, work: () => Promise<T>): Promise<T> {
    await app.query("BEGIN");
    try {
      if (facts)
        await app.query("SELECT weald.begin_as($1, $2, $3::timestamptz)", [
          facts.organisation,
          facts.patients ?? "",
          facts.at ?? AT,
        ]);
      return await work();
    } finally {
      await app.query("ROLLBACK");
    }
  }
  const custodiansOf = (facts: Facts | undefined, table = "study") =>
    within(facts, async () => {
      const { rows } = await app.query<{ custodian: string }>(
        `SELECT DISTINCT custodian FROM ${table} ORDER BY custodian`,
      );
      return rows.map(({ custodian }) => custodian);
    });
  const codeOf = async (facts: Facts | undefined, sql: string): Promise<string | undefined> =>
    within(facts, async () => {
      try {
        await app.query(sql);
        return undefined;
      } catch (error) {
        return error instanceof pg.DatabaseError ? error.code : String(error);
      }
    });
  const SYSTEM: Facts = { organisation: null };
  const FORBIDDEN = "42501";

  it("no facts: nothing, in any table of a custodian", async () => {
    const { rows } = await app.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    expect(rows.length).toBeGreaterThanOrEqual(13);
    for (const { relname } of rows) {
      const { rows: seen } = await within(undefined, () => app.query(`SELECT 1 FROM ${relname} LIMIT 1`));
      expect([relname, ...seen]).toEqual([relname]);
    }
  });
  it("the facts end with their transaction", async () => {
    expect(await custodiansOf({ organisation: "RXC" })).not.toEqual([]);
    expect(await custodiansOf(undefined)).toEqual([]);
  });
  it("every table that has a custodian is under it, also for its owner, but the audit and what is public", async () => {
    const { rows } = await app.query<{ relname: string }>(`
      SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'custodian'
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`);
    expect(rows.map(({ relname }) => relname)).toEqual(["audit_event"]);
  });

  const seen: readonly { says: string; facts: Facts; sees: string[] }[] = [
    { says: "the system sees every trust", facts: SYSTEM, sees: ["RA2", "RTK", "RTP", "RXC", "RYR"] },
    {
      says: "a member sees the agreements in force",
      facts: { organisation: "RXC" },
      sees: ["RA2", "RTK", "RXC", "RYR"],
    },
    {
      says: "an agreement that ended hides",
      facts: { organisation: "RXC", at: LATER },
      sees: ["RA2", "RTK", "RXC"],
    },
    { says: "who left sees its own alone", facts: { organisation: "RYR", at: LATER }, sees: ["RYR"] },
    {
      says: "before an agreement begins, its own",
      facts: { organisation: "RXC", at: "2025-06-01T00:00:00Z" },
      sees: ["RXC"],
    },
    { says: "without an agreement, its own", facts: { organisation: "RTP" }, sees: ["RTP"] },
    { says: "an organisation that isn't known, nothing", facts: { organisation: "XXX" }, sees: [] },
    { says: "an empty code, nothing", facts: { organisation: "" }, sees: [] },
  ];
  it.each(seen)("$says", async ({ facts, sees }) => {
    expect(await custodiansOf(facts)).toEqual(sees);
    expect(await custodiansOf(facts, "patient_record")).toEqual(sees);
    expect(await custodiansOf(facts, "series")).toEqual(sees);
  });

  it("an actor limited to certain patients sees theirs, of the custodians in force", async () => {
    const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
    expect(await custodiansOf({ organisation: "RXC", patients: `${id(2)},${id(5)}` })).toEqual(["RA2"]);
    expect(await custodiansOf({ organisation: null, patients: id(5) }, "patient_record")).toEqual(["RTP"]);
    expect(await custodiansOf({ organisation: "RXC", patients: "nobody" })).toEqual([]);
  });
  it("with no organisation at all, nobody sees anything, the system too", async () => {
    const empty = await createScratchDatabase();
    try {
      await migrateDeploy(empty.url);
      const facts = await withClient(empty.url, async (client) => {
        await client.query("BEGIN");
        await client.query("SELECT weald.begin_as(NULL, '', now())");
        return client.query(
          "SELECT current_setting('weald.custodians') AS custodians, weald.may_read_custodian('RXC') AS may",
        );
      });
      expect(facts.rows).toEqual([{ custodians: "", may: false }]);
    } finally {
      await empty.drop();
    }
  });
  it("nobody writes for a custodian that they may not read", async () => {
    const insert = (custodian: string) =>
      `INSERT INTO upload (id, custodian, sender_id, door) VALUES (uuidv7(), '${custodian}', 'x', 'send')`;
    expect(await codeOf({ organisation: "RXC" }, insert("RTP"))).toBe(FORBIDDEN);
    expect(await codeOf({ organisation: "RXC" }, insert("RXC"))).toBeUndefined();
    expect(
      await codeOf({ organisation: "RXC" }, "UPDATE study SET custodian = 'RTP' WHERE custodian = 'RXC'"),
    ).toBe(FORBIDDEN);
  });

  it.each([
    ["rewrites an audit row", "UPDATE audit_event SET reason = 'x'"],
    ["takes one away", "DELETE FROM audit_event"],
    ["empties the audit", "TRUNCATE audit_event"],
    ["deletes a study", "DELETE FROM study"],
    ["deletes an instance", "DELETE FROM instance"],
    ["deletes a report", "DELETE FROM report_version"],
    ["turns a policy off", "ALTER TABLE study DISABLE ROW LEVEL SECURITY"],
    ["drops a policy", "DROP POLICY custodian_and_patient ON study"],
    [
      "replaces a policy's function",
      "CREATE OR REPLACE FUNCTION weald.may_read_custodian(custodian text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ],
    ["makes a table", "CREATE TABLE mine (id int)"],
    ["makes itself a bypass", "ALTER ROLE weald_app BYPASSRLS"],
    ["becomes the owner", "SET ROLE postgres"],
    ["rewrites which migrations were applied", "UPDATE _prisma_migrations SET checksum = 'x'"],
    ["reads around its policies", "SET LOCAL row_security = off; SELECT 1 FROM study"],
  ])("the runtime role never %s", async (_says, sql) => expect(await codeOf(SYSTEM, sql)).toBe(FORBIDDEN));

  it("the runtime role may take rows away from no table but the list of what is to be told", async () => {
    const { rows } = await app.query<{ table_name: string }>(`
      SELECT DISTINCT table_name FROM information_schema.role_table_grants
      WHERE grantee = 'weald_app' AND privilege_type IN ('DELETE', 'TRUNCATE')`);
    expect(rows).toEqual([{ table_name: "outbox" }]);
  });
  it("the runtime role is none that row-level security passes over, and its sessions are UTC", async () => {
    const { rows } = await app.query(`
      SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, s.setconfig
      FROM pg_roles r JOIN pg_db_role_setting s ON s.setrole = r.oid WHERE r.rolname = 'weald_app'`);
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        setconfig: ["TimeZone=UTC"],
      },
    ]);
  });

  it("holds whoever asks next on a connection to their own facts, by the same kept plan", async () => {
    const role = new URLSearchParams({ options: "-c role=weald_app" });
    const one = createDatabase({ connectionString: `${database.url}?${role}`, maxConnections: 1 });
    const seen = async (organisation: string | null, patients: readonly string[] = []) => {
      const rows = await one.transaction(
        { organisation, patients, now: new Date(AT) },
        (tx) =>
          tx.$queryRaw<
            { custodian: string }[]
          >`SELECT custodian FROM study WHERE storage_id LIKE 'L%' ORDER BY custodian`,
      );
      return rows.map(({ custodian }) => custodian);
    };
    try {
      expect(await seen("RXC")).toEqual(["RA2", "RTK", "RXC", "RYR"]);
      expect(await seen("RTP")).toEqual(["RTP"]);
      expect(await seen("RXC", ["00000000-0000-7000-8000-000000000001"])).toEqual(["RXC"]);
      expect(await seen(null)).toEqual(["RA2", "RTK", "RTP", "RXC", "RYR"]);
      expect(await seen("RXC")).toEqual(["RA2", "RTK", "RXC", "RYR"]);
      const kept = await one.transaction(
        { organisation: null, patients: [], now: new Date(AT) },
        (tx) => tx.$queryRaw<{ count: number }[]>`
          SELECT count(*)::int FROM pg_prepared_statements WHERE statement LIKE 'SELECT custodian FROM study%' AND generic_plans > 0`,
      );
      expect(kept).toEqual([{ count: 1 }]);
    } finally {
      await one.close();
    }
  });
  it("no function that reads whose transaction it is may be put into a plan as what it answered once", async () => {
    const { rows } = await app.query(
      "SELECT proname, provolatile FROM pg_proc WHERE pronamespace = 'weald'::regnamespace AND prosrc LIKE '%current_setting%' AND provolatile = 'i'",
    );
    expect(rows).toEqual([]);
    const { rows: all } = await app.query(
      "SELECT count(*)::int AS count FROM pg_proc WHERE pronamespace = 'weald'::regnamespace AND prosrc LIKE '%current_setting%'",
    );
    expect(all[0].count).toBeGreaterThan(2);
  });

  const planOf = (sql: string) =>
    within({ organisation: "RXC" }, async () => {
      const { rows } = await app.query<{ "QUERY PLAN": string }>(`EXPLAIN (COSTS OFF) ${sql}`);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
  const LIST = `SELECT s.id FROM study s JOIN patient_record p ON p.id = s.patient_record_id
    WHERE (s.custodian = 'RXC' OR NOT EXISTS (SELECT 1 FROM patient_record q WHERE q.patient_id = s.patient_id AND q.sensitivities <> '{}'))
    ORDER BY s.studied_at DESC NULLS LAST, s.id DESC LIMIT 51`;
  it.each([
    [
      "a look-up by name",
      "SELECT * FROM patient_record WHERE family_key = 'F1' AND given_key = 'G1' AND birth_date = '1961-04-03' LIMIT 11",
      "patient_record_family_key_given_key_birth_date_idx",
    ],
    [
      "a look-up by NHS number",
      "SELECT * FROM patient_record WHERE nhs_number = '77' LIMIT 11",
      "patient_record_nhs_number_idx",
    ],
    [
      "a look-up by local number",
      "SELECT * FROM patient_record WHERE custodian = 'RXC' AND local_number = 'M77'",
      "patient_record_custodian_local_number_key",
    ],
    ["the change cursor", "SELECT 1 FROM study WHERE changed_xid >= 999999999", "study_changed_xid_idx"],
    ["a reporter's list", LIST, "study_studied_at_id_idx"],
    ["a reporter's list asks who is sensitive", LIST, "patient_record_sensitive_idx"],
    [
      "a trust's own list",
      LIST.replace("(s.custodian", "s.custodian = 'RXC' AND (s.custodian"),
      "study_custodian_studied_at_id_idx",
    ],
  ])("%s is read by an index, under the policies", async (_says, sql, index) => {
    const plan = await planOf(sql);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (study|patient_record)/);
  });

  it("a study's change cursor is the transaction that wrote it, whatever an insert or update says", async () => {
    const stamps = await within({ organisation: "RXC" }, async () => {
      await app.query("UPDATE study SET changed_xid = 1 WHERE id = '00000000-0000-7000-8000-000000000001'");
      await app.query(
        "INSERT INTO study (id, custodian, study_instance_uid, patient_record_id, patient_id, storage_id, modalities, body_parts, changed_xid) SELECT uuidv7(), custodian, '9.9', patient_record_id, patient_id, 'new', '{}', '{}', 1 FROM study WHERE id = '00000000-0000-7000-8000-000000000001'",
      );
      const { rows } = await app.query<{ same: boolean }>(
        "SELECT changed_xid = pg_current_xact_id()::text::bigint AS same FROM study WHERE id = '00000000-0000-7000-8000-000000000001' OR storage_id = 'new'",
      );
      return rows.map(({ same }) => same);
    });
    expect(stamps).toEqual([true, true]);
  });
});

describe("owned by who is no superuser, as on Aurora", () => {
  let database: ScratchDatabase;
  let client: pg.Client;
  const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

  beforeAll(async () => {
    database = await createScratchDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // The owner of the test run's own template.
    const { rows } = await client.query<{ owner: string; name: string; isSuper: boolean }>(`
      SELECT r.rolname AS owner, current_database() AS name, r.rolsuper OR r.rolbypassrls AS "isSuper"
      FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = 'weald_template'`);
    const [template] = rows;
    if (!template || template.isSuper) throw new Error("the template's owner is a superuser");
    await client.query(`ALTER DATABASE ${template.name} OWNER TO ${template.owner}`);
    const owner = new URL(database.url);
    owner.username = template.owner;
    await migrateDeploy(owner.toString());
    await client.query(FIXTURE);
    // On a list of a trust that shares nothing, by the record of another.
    await client.query("SET session_replication_role = replica");
    await client.query(
      `INSERT INTO meeting_case (id, meeting_id, organisation, patient_record_id, patient_id, matched_how, source, basis, basis_words, position, added_by, added_at, changed_by)
       VALUES ($1, $1, 'RTP', $2, $2, 'x', 'x', 'x', 'x', 1, 'x', now(), 'x')`,
      [id(9), id(2)],
    );
    await client.query("RESET session_replication_role");
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function asRuntime<T>(organisation: string, at: string, work: () => Promise<T>): Promise<T> {
    await client.query("BEGIN");
    try {
      await client.query("SET LOCAL SESSION AUTHORIZATION weald_app");
      await client.query("SELECT weald.begin_as($1, '', $2::timestamptz)", [organisation, at]);
      return await work();
    } finally {
      await client.query("ROLLBACK");
    }
  }

  it("what a trust that shares no more leaves behind is counted", async () => {
    const [seen, left] = await asRuntime("RXC", LATER, async () => [
      (await client.query("SELECT 1 FROM study WHERE custodian = 'RYR'")).rows,
      (await client.query("SELECT * FROM weald.left_behind('RXC', $1, $2::timestamptz)", [id(4), LATER]))
        .rows,
    ]);
    expect(seen).toEqual([]);
    expect(left).toEqual([{ held_by: "RYR", studies: 1 }]);
  });

  it("a record that moves takes its case along, on a list that its trust may not read", async () => {
    const moved = await asRuntime("RA2", AT, async () => {
      expect((await client.query("SELECT 1 FROM meeting_case")).rows).toEqual([]);
      await client.query("UPDATE patient_record SET patient_id = $2 WHERE id = $1", [id(2), id(3)]);
      await client.query("RESET SESSION AUTHORIZATION");
      return (await client.query("SELECT patient_id FROM meeting_case")).rows;
    });
    expect(moved).toEqual([{ patient_id: id(3) }]);
  });
});
