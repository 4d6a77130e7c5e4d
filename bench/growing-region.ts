import { performance } from "node:perf_hooks";
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
