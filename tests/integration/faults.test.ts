import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BadLine, badLine, type Faults } from "../fixtures/bad-line.ts";
import { type CrashRegion, crashRegion } from "./crash/crash-region.ts";
import { reckon } from "./crash/reckoning.ts";
import { type Acknowledged, sendStudy } from "./crash/sender.ts";

const SEED = Number(process.env.WEALD_FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const STUDIES = 1;
const LINES: [says: string, faults: Faults][] = [
  ["refuses connections and is cut in the middle of questions and answers", { refused: 0.1, cut: 0.01 }],
  ["is slow", { delayMs: 20 }],
];

describe("a bad line between the functions and the database", () => {
  let line: BadLine;
  let region: CrashRegion;
  const sent: Acknowledged[] = [];
  beforeAll(async () => {
    process.stdout.write(`faults test by WEALD_FAULTS_SEED=${SEED}\n`);
    const database = new URL(process.env.WEALD_TEST_POSTGRES ?? "");
    line = await badLine(Number(database.port), SEED);
    region = await crashRegion((own) => {
      const through = new URL(own.WEALD_DATABASE_URL ?? "");
      through.port = String(line.port);
      return { ...own, WEALD_DATABASE_URL: through.toString() };
    });
  });
  afterAll(async () => {
    await region?.stop();
    await line?.close();
  });

  it.each(LINES)(
    "that %s: what was acknowledged is there once, whole",
    async (_says, faults) => {
      const before = line.harm();
      line.become(faults);
      for (let study = 0; study < STUDIES; study += 1)
        sent.push(...(await sendStudy(region.region, () => region.gateway.url())));
      await region.settle(sent.map(({ itemId }) => itemId));
      line.become({});
      await reckon(region, sent);
      const after = line.harm();
      if (faults.cut) expect(after.cut).toBeGreaterThan(before.cut);
    },
    120_000,
  );
});
