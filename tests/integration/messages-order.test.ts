import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepResult } from "./crash/keep-result.ts";
import { chance, History, shuffled, type Told } from "./messages/history.ts";
import { differences, type Standing, standing } from "./messages/standing.ts";
import { source } from "./messages/written.ts";

const isLong = process.env.WEALD_SOAK === "1";
const COUNT = isLong ? 2000 : 300;
const SEED = 20261125;
const BATCH = 100;

/** Sends in this order; what waits for more to be known is tried again as facts come, between batches and at the end. */
async function tell(region: Region, told: readonly Told[]): Promise<void> {
  for (let from = 0; from < told.length; from += BATCH) {
    const batch = told.slice(from, from + BATCH);
    for (const trust of new Set(batch.map((one) => one.trust)))
      await region.send(
        trust,
        batch.filter((one) => one.trust === trust).map(({ text }) => source(text)),
      );
  }
  await region.drain();
}

/** As new: a process composes one region in its life. */
async function empty(region: Region): Promise<void> {
  const client = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ tablename: string }>(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1)",
      // What is appended only can't be emptied either, and tells nothing of where a patient stands.
      [
        [
          "organisation",
          "agreement",
          "_prisma_migrations",
          "audit_event",
          "audit_seal",
          "audit_verification",
        ],
      ],
    );
    await client.query(`TRUNCATE ${tables.map(({ tablename }) => tablename).join(", ")}`);
  } finally {
    await client.end();
  }
}

describe(`${COUNT} messages of admissions, appointments, orders, reports, updates and merges`, () => {
  const begins = new Date(Math.floor(Date.now() / 1000) * 1000 - 20 * 86_400_000);
  const told = History.of(COUNT, SEED, begins);
  let region: Region;
  let inOrder: Standing;
  async function cameTo(messages: readonly Told[]): Promise<Standing> {
    await empty(region);
    await tell(region, messages);
    return standing(region);
  }
  beforeAll(async () => {
    region = await Region.create();
    inOrder = await cameTo(told);
  }, 1_800_000);
  const came: Record<string, number> = {};
  afterAll(async () => {
    await region?.stop();
    if (isLong) keepResult("messages-order", { messages: COUNT, seed: SEED, differences: came });
  });

  it("say something of everything", () => {
    for (const [name, all] of Object.entries(inOrder)) expect([name, all.length > 0]).toEqual([name, true]);
    const text = JSON.stringify(inOrder.quarantine);
    for (const code of ["MERGE_DISAGREES", "REPORT_PATIENT_MISMATCH"]) expect(text).toContain(code);
  });

  it("shuffled and doubled come to the same as in order", { timeout: 1_800_000 }, async () => {
    const random = chance(SEED + 1);
    const mixed = shuffled([...told, ...told], random);
    const found = differences(inOrder, await cameTo(mixed));
    came["shuffled and doubled"] = Object.keys(found).length;
    expect(found).toEqual({});
  });

  if (isLong)
    it("backwards come to the same as in order", { timeout: 1_800_000 }, async () => {
      const found = differences(inOrder, await cameTo(told.toReversed()));
      came.backwards = Object.keys(found).length;
      expect(found).toEqual({});
    });
});
