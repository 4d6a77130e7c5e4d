import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { WealdError } from "@weald/core/kernel";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import {
  type Look,
  type Lookers,
  listLooks,
  lookersOf,
  patientLooks,
  pollLooks,
  queryLooks,
} from "@weald/tests/fixtures/looks.ts";
import { addTies } from "@weald/tests/fixtures/many-studies.ts";
import { asOwner, type Explained, explained } from "@weald/tests/fixtures/plans.ts";
import { machine } from "./machine.ts";
import { BATCH, fillBatches, PATIENTS_A_BATCH } from "./ten-years/fill.ts";
import { sizes, vacuums } from "./ten-years/sizes.ts";

/** Ten years of 1.7 million examinations, and what it is held against. Whole millions. */
const SIZES = (process.env.WEALD_BENCH_STUDIES ?? "1000000,17000000").split(",").map(Number);
const CLIENTS = 8;
const ROUNDS = Number(process.env.WEALD_BENCH_ROUNDS ?? 12);
/** Between two looks of one person. */
const LOOKS_AT_MS = 1000;
const LOOKS: Readonly<Record<string, Readonly<Record<string, Look>>>> = {
  worklist: listLooks,
  patient: patientLooks,
  polling: pollLooks,
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

type Turns = Generator<number, never>;
type Told = Pick<Explained, "pagesOf"> & { lookers: Lookers };

type Times = { rounds: number; pauseMs?: number };

async function timesOf(look: Look, lookers: Lookers, turns: Turns, { rounds, pauseMs = 0 }: Times) {
  const times: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    // Not in step: each looks when it pleases.
    if (pauseMs > 0) await wait(pauseMs * (0.5 + Math.random()));
    const from = performance.now();
    await look(lookers, turns.next().value);
    times.push(performance.now() - from);
  }
  return times;
}

/**
 * Warm: each client has looked twice before. First without pause, which is what the machine can do; then as eight people do who look at what
 * they asked for, a second each; then one alone.
 */
async function inTime(look: Look, lookers: Lookers, turns: Turns) {
  const together = async (times: Times) => {
    const all = await Promise.all(
      Array.from({ length: CLIENTS }, () => timesOf(look, lookers, turns, times)),
    );
    return all.flat();
  };
  await together({ rounds: 2 });
  const times = await together({ rounds: ROUNDS });
  const ofPeople = await together({ rounds: ROUNDS, pauseMs: LOOKS_AT_MS });
  const alone = await timesOf(look, lookers, turns, { rounds: ROUNDS });
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    "people, p50": percentile(ofPeople, 0.5),
    "people, p95": percentile(ofPeople, 0.95),
    alone: percentile(alone, 0.5),
  };
}

/** The median of five looks. */
async function inPages(look: Look, { lookers, pagesOf }: Told, turns: Turns) {
  const pages: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) pages.push(await pagesOf(() => look(lookers, turns.next().value)));
  return { pages: percentile(pages, 0.5) };
}

/** A search that was given up says so in place of what it took. */
async function orRefused<T>(work: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WealdError) return { refused: error.code };
    throw error;
  }
}

type Read = Pick<Region, "environment" | "as" | "system" | "gateway">;

async function ofEach<T>(studies: number, work: (look: Look) => Promise<T>): Promise<Record<string, T>> {
  const all: Record<string, T> = {};
  for (const [kind, looks] of Object.entries(LOOKS))
    for (const [name, look] of Object.entries(looks)) {
      const one = await work(look);
      all[`${kind}: ${name}`] = one;
      // A run takes long.
      console.error(studies, kind, name, JSON.stringify(one));
    }
  return all;
}

type Looked = Partial<Awaited<ReturnType<typeof inTime>> & { pages: number; refused: string }>;

/** By connections that tell their plans. */
export async function pagesOfLooks(region: Read, studies: number, logFile: string) {
  const turns = numbers(studies);
  const { db, pagesOf, stop } = await explained(region, logFile);
  try {
    const lookers = lookersOf(region, (ctx) => ({ ...ctx, service: { ...ctx.service, db } }));
    return await ofEach(studies, (look) => orRefused(() => inPages(look, { lookers, pagesOf }, turns)));
  } finally {
    await stop();
  }
}

/** First the times, of connections that tell nothing; then the pages. */
async function looksOf(region: Read, studies: number, logFile: string): Promise<Record<string, Looked>> {
  const turns = numbers(studies);
  const times = await ofEach(studies, (look) => orRefused(() => inTime(look, lookersOf(region), turns)));
  const pages = await pagesOfLooks(region, studies, logFile);
  return Object.fromEntries(Object.entries(times).map(([name, one]) => [name, { ...pages[name], ...one }]));
}

async function measure(region: Region, { studies, from, logFile }: Step) {
  const began = performance.now();
  await fillBatches(region, { from, to: studies });
  const filledInSeconds = Math.round((performance.now() - began) / 1000);
  if (from === 0) await addTies(region, region.as("ines.marlow").actor.id, 60);
  const loadBefore = machine().load;
  const looks = await looksOf(region, studies, logFile);
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

type Step = { studies: number; from: number; logFile: string };
type Measured = Awaited<ReturnType<typeof measure>>;

/** The largest's to the smallest's, of what was answered at both. */
function ratios(results: readonly Measured[], what: "p95" | "people, p95" | "pages"): Record<string, number> {
  const [first, last] = [results[0]?.looks ?? {}, results.at(-1)?.looks ?? {}];
  return Object.fromEntries(
    Object.keys(last).flatMap((name) => {
      const [from, to] = [first[name]?.[what], last[name]?.[what]];
      return from && to ? [[name, Number((to / from).toFixed(2))]] : [];
    }),
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
      const from = results.at(-1)?.studies ?? 0;
      results.push(await measure(region, { studies: size, from, logFile: cluster.logFile }));
      // A run takes long: what is measured is told before the next size is.
      console.error(JSON.stringify(results.at(-1)));
    }
    return {
      clients: CLIENTS,
      samples: CLIENTS * ROUNDS,
      sizes: results,
      "p95, largest to smallest": ratios(results, "p95"),
      "p95 of people, largest to smallest": ratios(results, "people, p95"),
      "pages, largest to smallest": ratios(results, "pages"),
    };
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
