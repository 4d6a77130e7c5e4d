import { setTimeout as wait } from "node:timers/promises";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { startTestCluster, type TestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settle, until } from "./crash/crash-region.ts";
import { reckon } from "./crash/reckoning.ts";
import { type Acknowledged, sendStudy } from "./crash/sender.ts";
import { endLeases, pack, readAll, slice } from "./packing/packed.ts";
import { rowan, rows } from "./sent.ts";

const SERIES = 8;
const SLICES = 4;
const BETWEEN_MS = 700;
const HOW: readonly ("restart" | "crash")[] = ["restart", "crash", "restart"];

describe("PostgreSQL restarted while images come and are packed", () => {
  let cluster: TestCluster;
  let region: Region;
  let database: pg.Client;
  const sent: Acknowledged[] = [];
  const ofTheRun = process.env.WEALD_TEST_POSTGRES;
  beforeAll(async () => {
    cluster = await startTestCluster();
    process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
    region = await Region.create();
  });
  afterAll(async () => {
    await database?.end();
    await region?.stop();
    await cluster?.stop();
    process.env.WEALD_TEST_POSTGRES = ofTheRun;
  });

  /** Series that are due for packing, and what was sent of them. */
  async function sendToPack(): Promise<void> {
    const [study, of] = [mintUid(), rowan({ localNumber: "RXC-77", family: "Elder", nhs: "" })];
    const shots = Array.from({ length: SERIES }, mintUid).flatMap((series) =>
      Array.from({ length: SLICES }, (_, index) => slice({ study, series, of, number: index + 1 })),
    );
    await region.send("RXC", shots);
    const items = await rows<Acknowledged>(
      region,
      `SELECT id::text AS "itemId", sha256, true AS "isDicom" FROM inbox_item WHERE outcome = 'accepted'`,
    );
    expect(items).toHaveLength(SERIES * SLICES);
    sent.push(...items);
  }

  it("loses nothing that was acknowledged, takes nothing twice, and goes on by itself", async () => {
    await sendToPack();
    await region.cloud.start();
    let isOver = false;
    const sending = (async () => {
      while (!isOver) sent.push(...(await sendStudy(region, () => region.objectUrl)));
    })();
    let packsThatFailed = 0;
    const packing = (async () => {
      while (!isOver)
        await pack(region)
          .catch(() => {
            packsThatFailed += 1;
          })
          .then(() => wait(50));
    })();
    for (const how of HOW) {
      await wait(BETWEEN_MS);
      await cluster[how]();
    }
    await wait(BETWEEN_MS);
    isOver = true;
    await Promise.all([sending, packing]);

    database = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
    await database.connect();
    await settle(
      { region, database },
      sent.map(({ itemId }) => itemId),
    );
    await until("every queue is empty", async () => {
      await region.drain();
      return (await region.cloud.depths()).every(({ waiting }) => waiting === 0);
    });
    expect(packsThatFailed).toBeGreaterThan(0);
    await reckon({ region, database }, sent);
  }, 240_000);

  it("packs each series whole, when the leases of the interrupted have ended", async () => {
    await endLeases(region);
    await rows(region, "UPDATE series_packing SET due_at = now() WHERE due_at > now() RETURNING 1");
    await pack(region);
    const packed = await rows<{ id: string; versions: number[] }>(
      region,
      `SELECT e.id::text, array_agg(p.version ORDER BY p.version) AS versions FROM series e
       JOIN series_packing s ON s.series_id = e.id LEFT JOIN pack p ON p.series_id = e.id GROUP BY e.id`,
    );
    // A message that is told again, as its end was lost, packs again: the next version, of the same images.
    expect(packed.map(({ versions }) => versions)).toEqual(
      packed.map(({ versions }) => Array.from({ length: Math.max(1, versions.length) }, (_, at) => at + 1)),
    );
    const reader = region.as("amara.okafor@RXC");
    for (const { id } of packed.slice(0, SERIES)) {
      const instances = await readAll(reader, id);
      expect(new Set(instances.map(({ instanceId }) => instanceId)).size).toBe(instances.length);
      expect(instances.filter((one) => !one.packed)).toEqual([]);
    }
  }, 120_000);

  it("is read as before", async () => {
    const reader = region.as("amara.okafor@RXC");
    const { rows: listed } = await Worklist.list(reader, {});
    for (const { studyId } of listed) expect((await Study.open(reader, { studyId })).series).not.toEqual([]);
  });
});
