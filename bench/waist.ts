import { performance } from "node:perf_hooks";
import { type Ctx, defineAction } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { fillWithStudies } from "@weald/tests/fixtures/many-studies.ts";
import pg from "pg";
import { z } from "zod";

const STUDIES = 20_000;
const ROUNDS = 300;
const NUMBERS = ["p50", "p95"] as const;

type Times = Record<(typeof NUMBERS)[number], number>;

/** The ways take turns in each round, so that whatever else the machine does meets all of them. */
async function inTurns<K extends string>(ways: Record<K, () => Promise<unknown>>): Promise<Record<K, Times>> {
  const names = Object.keys(ways) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS + 20; round += 1)
    for (const name of names) {
      const from = performance.now();
      await ways[name]();
      // The first are warming up.
      if (round >= 20) times.get(name)?.push(performance.now() - from);
    }
  const at = (all: readonly number[], share: number) =>
    Number((all[Math.floor(all.length * share)] ?? 0).toFixed(2));
  return Object.fromEntries(
    names.map((name) => {
      const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
      return [name, { p50: at(sorted, 0.5), p95: at(sorted, 0.95) }];
    }),
  ) as Record<K, Times>;
}

const ratio = (a: Times, b: Times) => Number((a.p50 / b.p50).toFixed(2));

/** The same read as an action of the waist, with and without an audit row. */
const reading = (how: "each" | "none") =>
  defineAction({
    name: `bench.read-${how}`,
    input: z.object({ localNumber: z.string() }),
    policy: { name: "bench.policy", decide: () => ({ allowed: true }), cases: [] },
    load: async () => null,
    run: (tx, { localNumber }) => Patient.findRecord(tx, "RXC", localNumber),
    audit: how === "none" ? { how } : { how, verb: "opened", subjects: () => ({ custodian: "RXC" }) },
  });

const LIST = `SELECT id FROM study ORDER BY studied_at DESC NULLS LAST, id DESC LIMIT 50`;
const ONE = `SELECT id, custodian, patient_id, study_date FROM study WHERE id = $1::uuid`;

/** Row-level security alone: one statement in a transaction, by the runtime role and by one that no policy holds. */
async function policies(region: Region, superUrl: string, studyId: string) {
  const app = new pg.Client({ connectionString: region.environment.WEALD_DATABASE_URL });
  const free = new pg.Client({ connectionString: superUrl });
  await Promise.all([app.connect(), free.connect()]);
  const within = (client: pg.Client, sql: string, values: unknown[]) => async () => {
    await client.query("BEGIN");
    await client.query("SELECT weald.begin_as('RXC', '', now())");
    await client.query(sql, values);
    await client.query("COMMIT");
  };
  const times = await inTurns({
    "one study, with policies": within(app, ONE, [studyId]),
    "one study, without": within(free, ONE, [studyId]),
    "first page, with policies": within(app, LIST, []),
    "first page, without": within(free, LIST, []),
  });
  await Promise.all([app.end(), free.end()]);
  return {
    times,
    ratios: {
      "one study": ratio(times["one study, with policies"], times["one study, without"]),
      "first page": ratio(times["first page, with policies"], times["first page, without"]),
    },
  };
}

/** Opening a study through the waist, and what of it is the transaction, the session and the audit row. */
async function waistOf(region: Region, ctx: Ctx, studyId: string) {
  const facts = { organisation: "RXC", patients: [], now: new Date() };
  const localNumber = "MANY-0";
  const where = { custodian_localNumber: { custodian: "RXC", localNumber } };
  const [without, withRow] = [reading("none"), reading("each")];
  const times = await inTurns({
    "the read alone": () =>
      region.service.db.transaction(facts, (tx) => tx.patientRecord.findUnique({ where })),
    "an action without an audit row": () => without(ctx, { localNumber }),
    "an action with its audit row": () => withRow(ctx, { localNumber }),
    "study.open": () => Study.open(ctx, { studyId }),
  });
  return {
    times,
    ratios: {
      "the waist": ratio(times["an action without an audit row"], times["the read alone"]),
      "the waist and its audit row": ratio(times["an action with its audit row"], times["the read alone"]),
    },
  };
}

/** What the waist and row-level security cost a request: each with and without, in milliseconds and as a ratio. */
export async function waist() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  await fillWithStudies(region, { studies: STUDIES, patients: STUDIES / 2, from: 0 });
  const superUrl = region.environment.WEALD_QUEUE_URL ?? "";
  const ctx = await region.signedIn("amara.okafor@RXC");
  const [found] = await region.service.db.transaction(
    { organisation: null, patients: [], now: new Date() },
    (tx) => tx.study.findMany({ where: { custodian: "RXC" }, select: { id: true }, take: 1 }),
  );
  const studyId = found?.id ?? "";
  const result = {
    studies: STUDIES,
    rounds: ROUNDS,
    waist: await waistOf(region, ctx, studyId),
    rowLevelSecurity: await policies(region, superUrl, studyId),
  };
  await region.stop();
  await cluster.stop();
  return result;
}
