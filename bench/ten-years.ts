import { performance } from "node:perf_hooks";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { type Look, type Lookers, listLooks, patientLooks, queryLooks } from "@weald/tests/fixtures/looks.ts";
import { addTies } from "@weald/tests/fixtures/many-studies.ts";
import { asOwner } from "@weald/tests/fixtures/plans.ts";
import { machine } from "./machine.ts";
import { BATCH, fillBatches, PATIENTS_A_BATCH } from "./ten-years/fill.ts";
import { sizes, vacuums } from "./ten-years/sizes.ts";

/** Ten years of 1.7 million examinations, and what it is held against. Whole millions. */
const SIZES = (process.env.WEALD_BENCH_STUDIES ?? "1000000,17000000").split(",").map(Number);
const CLIENTS = 8;
const ROUNDS = Number(process.env.WEALD_BENCH_ROUNDS ?? 12);
const LOOKS: Readonly<Record<string, Readonly<Record<string, Look>>>> = {
  worklist: listLooks,
  patient: patientLooks,
  QIDO: queryLooks,
};

const round = (ms: number) => Number(ms.toFixed(1));
const percentile = (times: readonly number[], share: number) =>
  round(times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);

/** Another patient and study each time, the same at each run. */
function* numbers(studies: number): Generator<number, never> {
  for (let turn = 1; ; turn += 1) {
    const spread = (turn * 2_654_435_761) % 2 ** 32;
    yield (spread % (studies / BATCH)) * BATCH + (Math.floor(spread / 7) % PATIENTS_A_BATCH);
  }
}

async function timesOf(look: Look, lookers: Lookers, turns: Generator<number, never>, rounds: number) {
  const times: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const from = performance.now();
    await look(lookers, turns.next().value);
    times.push(performance.now() - from);
  }
  return times;
}

/** Warm: each client has looked twice before. */
async function measureLook(look: Look, lookers: Lookers, turns: Generator<number, never>) {
  const together = (rounds: number) =>
    Promise.all(Array.from({ length: CLIENTS }, () => timesOf(look, lookers, turns, rounds)));
  await together(2);
  const times = (await together(ROUNDS)).flat();
  const alone = await timesOf(look, lookers, turns, ROUNDS);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), alone: percentile(alone, 0.5) };
}

const lookersOf = (region: Region): Lookers => ({
  radiologist: region.as("amara.okafor@RXC"),
  radiographer: region.as("grace.fielding"),
  clinician: region.as("ines.marlow"),
  system: region.system("RXC"),
});

type Times = { p50: number; p95: number; alone: number };

async function looksOf(region: Region, studies: number): Promise<Record<string, Times>> {
  const turns = numbers(studies);
  const measured: Record<string, Times> = {};
  for (const [kind, looks] of Object.entries(LOOKS))
    for (const [name, look] of Object.entries(looks))
      measured[`${kind}: ${name}`] = await measureLook(look, lookersOf(region), turns);
  return measured;
}

async function measure(region: Region, studies: number, from: number) {
  const began = performance.now();
  await fillBatches(region, { from, to: studies });
  const filledInSeconds = Math.round((performance.now() - began) / 1000);
  if (from === 0) await addTies(region, region.as("ines.marlow").actor.id, 60);
  const loadBefore = machine().load;
  const looks = await looksOf(region, studies);
  return {
    studies,
    patients: (studies / BATCH) * PATIENTS_A_BATCH,
    filledInSeconds,
    load: { before: loadBefore, after: machine().load },
    ...(await asOwner(region, (owner) => sizes(owner, studies))),
    "vacuum, seconds": await asOwner(region, vacuums),
    looks,
  };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** p95 of the largest to p95 of the smallest. */
function ratios(results: readonly Measured[]): Record<string, number> {
  const [first, last] = [results[0]?.looks ?? {}, results.at(-1)?.looks ?? {}];
  return Object.fromEntries(
    Object.entries(last).map(([name, { p95 }]) => [
      name,
      Number((p95 / (first[name]?.p95 ?? p95)).toFixed(2)),
    ]),
  );
}

/** The index at ten years: a region that grows to each size in turn, read by eight clients through the product's own actions. */
export async function tenYears() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create({ environment: { WEALD_DATABASE_CONNECTIONS: String(CLIENTS) } });
  try {
    const results: Measured[] = [];
    for (const size of SIZES) {
      results.push(await measure(region, size, results.at(-1)?.studies ?? 0));
      // A run takes long: what is measured is told before the next size is.
      console.error(JSON.stringify(results.at(-1)));
    }
    return {
      clients: CLIENTS,
      samples: CLIENTS * ROUNDS,
      sizes: results,
      "p95, largest to smallest": ratios(results),
    };
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
