import { performance } from "node:perf_hooks";
import { setTimeout as after } from "node:timers/promises";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { fillWithStudies } from "@weald/tests/fixtures/many-studies.ts";

const SIZES = [1000, 100_000] as const;
const TIMES = 9;

/** The median of nine. */
export async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return Number((times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0).toFixed(1));
}

const LARGE = 5000;
/** An idle backend tells what it did after ten seconds. */
const TOLD_MS = 12_000;
const ALL = { organisation: null, patients: [], now: new Date() };

/** How often each large table was read from end to end, so far. */
async function readWhole(region: Region): Promise<Map<string, number>> {
  await after(TOLD_MS);
  const rows = await region.service.db.transaction(ALL, (tx) =>
    tx.$queryRawUnsafe<{ name: string; scans: number }[]>(
      `SELECT s.relname AS name, s.seq_scan::int AS scans FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
         WHERE c.reltuples > ${LARGE}`,
    ),
  );
  return new Map(rows.map(({ name, scans }) => [name, scans]));
}

/** One table read from end to end on purpose: a count that misses it tells nothing. */
async function readStudies(region: Region): Promise<void> {
  await region.service.db.transaction(ALL, async (tx) => {
    for (const how of ["indexscan", "indexonlyscan", "bitmapscan"])
      await tx.$executeRawUnsafe(`SET LOCAL enable_${how} = off`);
    // Each worker would count as one more.
    await tx.$executeRawUnsafe("SET LOCAL max_parallel_workers_per_gather = 0");
    await tx.$queryRawUnsafe("SELECT count(*)::int FROM study");
  });
}

/** Large tables that work reads from end to end, and how often: no list and no page may. */
export async function tablesReadWhole(region: Region, work: () => Promise<unknown>) {
  const before = await readWhole(region);
  await work();
  await readStudies(region);
  const scans = new Map(
    [...(await readWhole(region))].map(([name, all]) => [name, all - (before.get(name) ?? all)] as const),
  );
  const studies = scans.get("study");
  if (studies === undefined) return "no table is large yet";
  if (studies === 0) throw new Error("a table was read from end to end, and the count doesn't have it");
  scans.set("study", studies - 1);
  return Object.fromEntries([...scans].filter(([, times]) => times > 0));
}

/** A region that grows to 1,000 and to 100,000 studies, some 2.5 a patient, measured at each as the runtime role. */
export async function growing<T>(measure: (region: Region, studies: number) => Promise<T>): Promise<T[]> {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  try {
    const results: T[] = [];
    let from = 0;
    for (const size of SIZES) {
      await fillWithStudies(region, { studies: size - from, patients: Math.ceil((size - from) / 2.5), from });
      results.push(await measure(region, size));
      from = size;
    }
    return results;
  } finally {
    await region.stop();
    await cluster.stop();
  }
}
