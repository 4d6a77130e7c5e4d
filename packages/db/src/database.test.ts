import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DatabaseTransaction } from "./database.ts";
import { createMigratedDatabase, type MigratedDatabase } from "./scratch-database.ts";

const SYSTEM = { organisation: null, patients: [], now: new Date("2026-11-02T09:30:00Z") };

/** Lets all go on when so many have come. */
function gate(count: number): () => Promise<void> {
  let waiting = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    waiting += 1;
    if (waiting === count) open();
    await opened;
  };
}

describe("a transaction", () => {
  let scratch: MigratedDatabase;
  beforeAll(async () => {
    scratch = await createMigratedDatabase();
  });
  afterAll(() => scratch.drop());
  const create = (tx: DatabaseTransaction, odsCode: string) =>
    tx.organisation.create({
      data: { odsCode, name: odsCode, part: "member", sites: [] },
      select: { odsCode: true },
    });
  const find = (odsCode: string) =>
    scratch.database.transaction(SYSTEM, (tx) =>
      tx.organisation.findUnique({ where: { odsCode }, select: { odsCode: true } }),
    );

  it("sets what row-level security holds to before anything else", async () => {
    const facts = { organisation: "RXC", patients: ["a", "b"], now: SYSTEM.now };
    await scratch.database.transaction(SYSTEM, (tx) => create(tx, "RXC"));
    const [set] = await scratch.database.transaction(
      facts,
      (tx) =>
        tx.$queryRaw<
          unknown[]
        >`SELECT current_setting('weald.custodians') AS custodians, current_setting('weald.patients') AS patients`,
    );
    expect(set).toEqual({ custodians: "RXC", patients: "a,b" });
  });
  it("that throws leaves nothing", async () => {
    const failing = scratch.database.transaction(SYSTEM, async (tx) => {
      await create(tx, "AAA");
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await find("AAA")).toBeNull();
  });
  it("that lost a race for a key runs again as a whole, and finds what the other made", async () => {
    const meet = gate(2);
    let tries = 0;
    const makeOrFind = () =>
      scratch.database.transaction(SYSTEM, async (tx) => {
        tries += 1;
        const known = await tx.organisation.findUnique({
          where: { odsCode: "BBB" },
          select: { odsCode: true },
        });
        if (known) return "found";
        await meet();
        await create(tx, "BBB");
        return "made";
      });
    expect((await Promise.all([makeOrFind(), makeOrFind()])).sort()).toEqual(["found", "made"]);
    expect(tries).toBe(3);
  });
  it("that lost a race in SQL of its own runs again too", async () => {
    const meet = gate(2);
    let tries = 0;
    const make = () =>
      scratch.database.transaction(SYSTEM, async (tx) => {
        tries += 1;
        const [known] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM organisation WHERE ods_code = 'FFF'`;
        if (known) return "found";
        await meet();
        await tx.$executeRaw`INSERT INTO organisation (ods_code, name, part, sites) VALUES ('FFF', 'FFF', 'member', '{}')`;
        return "made";
      });
    expect((await Promise.all([make(), make()])).sort()).toEqual(["found", "made"]);
    expect(tries).toBe(3);
  });
  it("that can never win gives up after five tries, with the reason", async () => {
    let tries = 0;
    await scratch.database.transaction(SYSTEM, (tx) => create(tx, "CCC"));
    const failing = scratch.database.transaction(SYSTEM, (tx) => {
      tries += 1;
      return create(tx, "CCC");
    });
    await expect(failing).rejects.toMatchObject({ code: "P2002" });
    expect(tries).toBe(5);
  });
  it("that failed for another reason isn't run again", async () => {
    let tries = 0;
    const failing = scratch.database.transaction(SYSTEM, (tx) => {
      tries += 1;
      return tx.$queryRaw`SELECT 1 / 0`;
    });
    await expect(failing).rejects.toThrow();
    expect(tries).toBe(1);
  });
  it("is short: past its limit it ends, and leaves nothing", async () => {
    const slow = scratch.database.transaction(SYSTEM, async (tx) => {
      await create(tx, "DDD");
      await tx.$queryRaw`SELECT 1 FROM pg_sleep(1.2)`;
      await create(tx, "EEE");
    });
    await expect(slow).rejects.toMatchObject({ code: "P2028" });
    expect(await find("DDD")).toBeNull();
  });
});
