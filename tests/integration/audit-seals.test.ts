import * as Audit from "@weald/core/audit";
import { type Ctx, defineAction } from "@weald/core/kernel";
import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { at, rows, systemCtx } from "./sent.ts";

/** Leaves an audit row of a custodian; `wait` holds its transaction open. */
const look = defineAction({
  name: "test.sealed",
  input: z.object({ custodian: z.string().optional() }),
  policy: { name: "test.policy", decide: () => ({ allowed: true }), cases: [] },
  load: async () => null,
  run: async () => null,
  audit: {
    how: "each",
    verb: "opened",
    subjects: ({ custodian }) => (custodian ? { custodian, detail: { b: 2, a: 1 } } : {}),
  },
});

describe("the seals of the audit", () => {
  let region: Region;
  let system: Ctx;
  /** The owner of the cluster, whom nothing but the seals would stop. */
  let superuser: pg.Client;

  beforeAll(async () => {
    region = await Region.create();
    system = systemCtx(region);
    superuser = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser.end();
    await region.stop();
  });

  /** Other databases of this server have open transactions too: until all that is committed is sealed. */
  async function sealAll(): Promise<void> {
    const until = Date.now() + 30_000;
    for (;;) {
      await Audit.sealRows(system, {});
      const [left] = await rows<{ n: number }>(
        region,
        "SELECT count(*)::int AS n FROM audit_event WHERE xid >= (SELECT coalesce(max(xid_to), 0) FROM audit_seal)",
      );
      if (left?.n === 0) return;
      if (Date.now() > until) throw new Error("the seals never catch up");
    }
  }
  /** Without the triggers that stop even the owner. */
  async function tamper(sql: string, ...values: unknown[]): Promise<void> {
    await superuser.query("SET session_replication_role = replica");
    await superuser.query(sql, values);
    await superuser.query("SET session_replication_role = origin");
  }
  const later = () => at(system, new Date(Date.now() + 3_600_000));
  const faults = async () => (await Audit.verifySeals(later(), {})).faults;
  const newest = async (custodian: string) => {
    const [row] = await rows<{ id: string; number: number }>(
      region,
      "SELECT e.id::text, s.number FROM audit_event e JOIN audit_seal s ON s.chain = e.custodian AND e.xid >= s.xid_from AND e.xid < s.xid_to WHERE e.custodian = $1 ORDER BY e.xid DESC, e.id LIMIT 1",
      custodian,
    );
    if (!row) throw new Error("nothing is sealed");
    return row;
  };

  /** Each finding is of its own trust: what one test spoils, another doesn't see. */
  const ofChain = async (chain: string) => (await faults()).filter((one) => one.chain === chain);

  it("join every row to a link of its custodian's chain, once, and hold", async () => {
    for (const custodian of ["RXC", "RXC", "RTK", undefined])
      await look(system, custodian ? { custodian } : {});
    await sealAll();
    await look(system, { custodian: "RXC" });
    await sealAll();
    expect(await faults()).toEqual([]);
    const [chain] = await rows<{ numbers: number[]; sealed: number; there: number }>(
      region,
      "SELECT array_agg(number ORDER BY number) AS numbers, sum(count)::int AS sealed, (SELECT count(*)::int FROM audit_event WHERE custodian = 'RXC') AS there FROM audit_seal WHERE chain = 'RXC'",
    );
    expect(chain?.sealed).toBe(chain?.there);
    expect(chain?.numbers.length).toBeGreaterThanOrEqual(2);
    const copies: string[] = [];
    for await (const { key } of region.service.ports.seals.list("seals/RXC/")) copies.push(key);
    expect(copies).toHaveLength(chain?.numbers.length ?? 0);
  });

  it("can't be taken back: neither rows nor seals, by the runtime role or by the owner of the tables", async () => {
    const changes = [
      "UPDATE audit_event SET actor_id = 'x'",
      "DELETE FROM audit_event",
      "TRUNCATE audit_event",
      "UPDATE audit_seal SET root = 'x'",
      "DELETE FROM audit_seal",
      "TRUNCATE audit_seal",
      "DELETE FROM audit_verification",
    ];
    for (const sql of changes) {
      await expect(rows(region, sql)).rejects.toThrow(/permission denied|42501/);
      await expect(superuser.query(sql)).rejects.toThrow("AUDIT_APPENDED_ONLY");
    }
    const store = region.service.ports.seals;
    const keys: string[] = [];
    for await (const { key } of store.list("seals/RXC/", { limit: 1 })) keys.push(key);
    await expect(store.put(keys[0] ?? "", Buffer.from("{}"), "application/json")).rejects.toMatchObject({
      code: "OBJECT_EXISTS",
    });
    expect("delete" in store || "signPut" in store || "copyFrom" in store).toBe(false);
  });

  it("a row says the transaction that wrote it, whatever the insert says", async () => {
    const before = await rows<{ open: string }>(region, "SELECT weald.oldest_open_xid()::text AS open");
    const [row] = await rows<{ xid: string }>(
      region,
      "INSERT INTO audit_event (id, action, verb, outcome, actor_kind, actor_id, door, correlation_id, xid) VALUES (uuidv7(), 'test.forged', 'opened', 'success', 'system', 'x', 'test', 'c', 1) RETURNING xid::text",
    );
    expect(BigInt(row?.xid ?? 0)).toBeGreaterThanOrEqual(BigInt(before[0]?.open ?? 0));
  });

  describe("find and name", () => {
    it("one row that was altered", async () => {
      await look(system, { custodian: "AAA" });
      await sealAll();
      const { id, number } = await newest("AAA");
      await tamper("UPDATE audit_event SET actor_id = 'somebody-else' WHERE id = $1::uuid", id);
      expect(await ofChain("AAA")).toEqual([{ chain: "AAA", number, kind: "row-altered", rowIds: [id] }]);
    });
    it("one row that was taken away", async () => {
      for (const _time of [1, 2]) await look(system, { custodian: "BBB" });
      await sealAll();
      const { id, number } = await newest("BBB");
      await tamper("DELETE FROM audit_event WHERE id = $1::uuid", id);
      expect(await ofChain("BBB")).toEqual([{ chain: "BBB", number, kind: "row-missing", rowIds: [id] }]);
    });
    it("one row that was put in among what was sealed", async () => {
      await look(system, { custodian: "CCC" });
      await sealAll();
      const { id, number } = await newest("CCC");
      const forged = "0199a000-0000-7000-8000-00000000f0f0";
      await tamper(
        "INSERT INTO audit_event (id, at, action, verb, outcome, actor_kind, actor_id, door, correlation_id, custodian, xid) SELECT $2::uuid, at, action, verb, outcome, actor_kind, 'p-framed', door, correlation_id, custodian, xid FROM audit_event WHERE id = $1::uuid",
        id,
        forged,
      );
      expect(await ofChain("CCC")).toEqual([
        { chain: "CCC", number, kind: "row-inserted", rowIds: [forged] },
      ]);
    });
    it("one row that was moved to another trust's chain: it is missing where it was", async () => {
      await look(system, { custodian: "DDD" });
      await sealAll();
      const { id, number } = await newest("DDD");
      await tamper("UPDATE audit_event SET custodian = NULL WHERE id = $1::uuid", id);
      expect(await ofChain("DDD")).toEqual([{ chain: "DDD", number, kind: "row-missing", rowIds: [id] }]);
      await tamper("UPDATE audit_event SET custodian = 'DDD' WHERE id = $1::uuid", id);
      expect(await ofChain("DDD")).toEqual([]);
    });
    it("a seal that was altered, also where its root was made to fit the altered row", async () => {
      await look(system, { custodian: "EEE" });
      await sealAll();
      const { number } = await newest("EEE");
      await tamper(
        "UPDATE audit_seal SET root = repeat('f', 64) WHERE chain = 'EEE' AND number = $1",
        number,
      );
      expect(await ofChain("EEE")).toEqual([{ chain: "EEE", number, kind: "seal-altered" }]);
    });
    it("the last seal, dropped with its rows; and still when a new one has taken its number", async () => {
      await look(system, { custodian: "FFF" });
      await sealAll();
      await look(system, { custodian: "FFF" });
      await sealAll();
      const { id, number } = await newest("FFF");
      await tamper("DELETE FROM audit_seal WHERE chain = 'FFF' AND number = $1", number);
      await tamper("DELETE FROM audit_event WHERE id = $1::uuid", id);
      expect(await ofChain("FFF")).toEqual([{ chain: "FFF", number, kind: "seal-missing" }]);
      await look(system, { custodian: "FFF" });
      await sealAll();
      expect((await ofChain("FFF"))[0]).toMatchObject({ chain: "FFF", number, kind: "seal-altered" });
      expect((await ofChain("FFF")).map(({ kind }) => kind)).toContain("row-missing");
    });
    it("a seal that was dropped from the middle, and a whole chain", async () => {
      for (const _time of [1, 2, 3]) {
        await look(system, { custodian: "GGG" });
        await sealAll();
      }
      await tamper("DELETE FROM audit_seal WHERE chain = 'GGG' AND number = 2");
      expect((await ofChain("GGG"))[0]).toEqual({ chain: "GGG", number: 2, kind: "seal-missing" });
      await tamper("DELETE FROM audit_seal WHERE chain = 'GGG'");
      expect((await ofChain("GGG")).map(({ number, kind }) => [number, kind])).toEqual([
        [1, "seal-missing"],
        [2, "seal-missing"],
        [3, "seal-missing"],
      ]);
    });
    it("and keep what was found, for the privacy officer", async () => {
      const found = await faults();
      const [kept] = await rows<{ faults: unknown[] }>(
        region,
        "SELECT faults FROM audit_verification ORDER BY verified_at DESC, id DESC LIMIT 1",
      );
      expect(kept?.faults).toEqual(JSON.parse(JSON.stringify(found)));
      expect(found.length).toBeGreaterThan(0);
    });
  });

  it("a copy that did not get out is made by a later round", async () => {
    const away: Ctx = {
      ...system,
      service: {
        ...system.service,
        ports: {
          ...system.service.ports,
          seals: {
            ...system.service.ports.seals,
            put: () => Promise.reject(new Error("the bucket is away")),
          },
        },
      },
    };
    await look(system, { custodian: "HHH" });
    const until = Date.now() + 30_000;
    for (let sealed = 0; sealed === 0; ) {
      if (Date.now() > until) throw new Error("never sealed");
      await Audit.sealRows(away, {}).catch(() => undefined);
      const [count] = await rows<{ n: number }>(
        region,
        "SELECT count(*)::int AS n FROM audit_seal WHERE chain = 'HHH'",
      );
      sealed = count?.n ?? 0;
    }
    expect((await ofChain("HHH")).map(({ kind }) => kind)).toEqual(["copy-missing"]);
    await Audit.sealRows(system, {});
    expect(await ofChain("HHH")).toEqual([]);
  });
});
