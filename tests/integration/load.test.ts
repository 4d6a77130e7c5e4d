import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as Worklist from "@weald/core/worklist";
import { childHost, createBundles, type FunctionSpec, inProcessHost } from "@weald/dev-env/cloud";
import { Region } from "@weald/dev-env/region";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until, workedOff } from "./crash/crash-region.ts";
import { keepResult } from "./crash/keep-result.ts";
import { reckon } from "./crash/reckoning.ts";
import { delayOf, ratesOf, timesOf } from "./load/figures.ts";
import { readOn } from "./load/readers.ts";
import { createSender, IMAGES_OF_STUDY, type Load } from "./load/sender.ts";
import { createTakenIn } from "./load/taken-in.ts";

/**
 * An hour in `npm run soak`, its functions in processes of their own as `npm start` has them. In `npm test` senders, readers, functions and
 * object store share one process: the times are those of that.
 */
const isLong = process.env.WEALD_SOAK === "1";
const SECONDS = Number(process.env.WEALD_LOAD_SECONDS ?? (isLong ? "3600" : "60"));
const BURST_EVERY = isLong ? 900 : 60;
const BURST = { perSecond: 150, seconds: isLong ? 20 : 4 };
const LOAD: Load = {
  perSecond: 30,
  seconds: SECONDS,
  bursts: Array.from({ length: Math.ceil(SECONDS / BURST_EVERY) }, (_, index) => ({
    ...BURST,
    from: index * BURST_EVERY + Math.round(Math.min(BURST_EVERY, SECONDS) / 3),
  })),
};
const ALONE: Load = { perSecond: 30, seconds: 2, bursts: [] };
const READ_ALONE_MS = 5_000;
const READERS = ["rohan.patel", "amara.okafor"];

describe("thirty images a second, and a burst of a hundred and fifty", () => {
  const takenIn = createTakenIn();
  const folder = mkdtempSync(path.join(tmpdir(), "weald-load-"));
  let region: Region;
  let database: pg.Client;
  beforeAll(async () => {
    const bundles = createBundles(folder);
    const hostOf = isLong
      ? (spec: FunctionSpec, environment: Record<string, string>) =>
          childHost(spec, { bundles, environment, onLine: () => {} })
      : inProcessHost;
    region = await Region.create({
      functions: (environment) => (spec) => {
        const host = hostOf(spec, environment);
        return spec.id === "ArrivalsSubscriber" ? takenIn.watch(host) : host;
      },
    });
    database = new pg.Client({ connectionString: region.environment.WEALD_QUEUE_URL });
    await database.connect();
    await region.cloud.start();
  });
  afterAll(async () => {
    await database?.end();
    await region?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const waiting = async () =>
    (await region.cloud.depths()).filter(({ waiting }) => waiting > 0).map(({ queue }) => queue);
  const readAll = async (isOver: () => boolean) => {
    const all = await Promise.all(READERS.map((key) => readOn(region.as(key), isOver)));
    return { looks: all.flatMap(({ looks }) => looks), errors: all.flatMap(({ errors }) => errors) };
  };
  const readBeside = async (work: () => Promise<unknown>) => {
    let isOver = false;
    const reading = readAll(() => isOver);
    await work().finally(() => {
      isOver = true;
    });
    return reading;
  };
  async function listed(): Promise<string[]> {
    const studies: string[] = [];
    let cursor: Parameters<typeof Worklist.list>[1]["cursor"];
    do {
      const page = await Worklist.list(region.as("rohan.patel"), { cursor });
      studies.push(...page.rows.map(({ studyInstanceUid }) => studyInstanceUid));
      cursor = page.next;
    } while (cursor);
    return studies;
  }

  it(
    "lose nothing and come in once, with the right counts; readers go on meanwhile, and what piled up drains",
    async () => {
      const sender = createSender(region, takenIn);
      await sender.send(ALONE);
      // The functions are warm, and there is something to read.
      await sender.finished();
      const alone = await readBeside(() => wait(READ_ALONE_MS));

      const before = sender.sent.length;
      const load = Number((loadavg()[0] ?? 0).toFixed(1));
      const began = Date.now();
      let sentBy = began;
      const beside = await readBeside(async () => {
        await sender.send(LOAD);
        sentBy = Date.now();
        await workedOff(database);
      });
      const sent = sender.sent.slice(before);
      const drainSeconds = Number(((Date.now() - sentBy) / 1000).toFixed(1));
      const figures = {
        objects: sent.length,
        ...ratesOf(LOAD, { began, sentBy }, sent),
        worklistDelay: delayOf(sent, takenIn.at),
        drainSeconds,
        readersAlone: timesOf(alone.looks),
        readersBeside: timesOf(beside.looks),
      };
      process.stdout.write(`load: ${JSON.stringify({ seconds: SECONDS, loadBefore: load, ...figures })}\n`);

      expect([...alone.errors, ...beside.errors]).toEqual([]);
      expect(sender.sent.filter(({ itemId }) => !takenIn.at.has(itemId))).toEqual([]);
      await sender.finished();
      await region.drain();
      await until(
        "every queue is empty, that of dead letters too",
        async () => (await waiting()).length === 0,
      );
      await reckon({ region, database }, sender.sent);

      const studies = [...new Set(sender.sent.map(({ study }) => study))];
      const series = new Set(sender.sent.map((one) => one.series));
      const { rows: counted } = await database.query<{ series: string; found: number; isSettled: boolean }>(
        `SELECT series_instance_uid AS series, instance_count AS found, settled_at IS NOT NULL AS "isSettled" FROM series`,
      );
      const imagesOf = IMAGES_OF_STUDY / (series.size / studies.length);
      expect(counted).toHaveLength(series.size);
      expect(counted.filter(({ found, isSettled }) => found !== imagesOf || !isSettled)).toEqual([]);
      expect((await listed()).toSorted()).toEqual(studies.toSorted());
      if (isLong) keepResult("load", { seconds: SECONDS, load: LOAD, lost: 0, twice: 0, ...figures });
    },
    240_000 + SECONDS * 2_000,
  );
});
