import { performance } from "node:perf_hooks";
import { WealdError } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { startTestCluster } from "@weald/dev-env/postgres";
import { Region } from "@weald/dev-env/region";
import { fillWithStudies } from "@weald/tests/fixtures/many-studies.ts";

const SIZES = [1000, 100_000] as const;
const TIMES = 9;

/** What PACS, viewers and scripts ask. */
const SEARCHES: Readonly<Record<string, [string, string][]>> = {
  "patient, by number": [["PatientID", "MANY-77"]],
  "patient, by the beginning of the name": [["PatientName", "family77^*"]],
  "patient, by fuzzy name": [
    ["PatientName", "given77 family77"],
    ["fuzzymatching", "true"],
    ["limit", "50"],
  ],
  "a month of CT": [
    ["StudyDate", "20200301-20200331"],
    ["ModalitiesInStudy", "CT"],
    ["limit", "100"],
  ],
  "a modality with few hits": [
    ["ModalitiesInStudy", "XA"],
    ["limit", "100"],
  ],
  "first page of 100": [["limit", "100"]],
  "page of 100 at offset 800": [
    ["limit", "100"],
    ["offset", "800"],
  ],
  "page of 100 at offset 10,000": [
    ["limit", "100"],
    ["offset", "10000"],
  ],
  "by an attribute without an index, no hit": [["ReferringPhysicianName", "Nobody*"]],
};

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return Number((times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0).toFixed(1));
}

/** A search that was given up says so in place of a time. */
async function timed(search: () => Promise<{ matches: unknown[] }>) {
  try {
    const { matches } = await search();
    return { matches: matches.length, ms: await medianMs(search) };
  } catch (error) {
    if (error instanceof WealdError) return { refused: error.code };
    throw error;
  }
}

/** The portal's list, from the first page to the last, each by the key that the one before gave. */
async function pagesMs(region: Region) {
  const reader = region.as("amara.okafor@RXC");
  const first = await medianMs(() => Worklist.list(reader, {}));
  const oldest = { studiedAt: "2015-11-25T00:00:00.000Z", studyId: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
  return {
    first,
    last: await medianMs(() => Worklist.list(reader, { cursor: oldest })),
    "a modality with few hits": await medianMs(() => Worklist.list(reader, { filters: { modality: "XA" } })),
    "a modality without a hit": await medianMs(() => Worklist.list(reader, { filters: { modality: "NM" } })),
  };
}

/** A patient's page and the priors of one of their studies; of two studies and a half, as the region's patients have. */
async function timelineMs(region: Region) {
  const reader = region.as("amara.okafor@RXC");
  const { rows } = await Worklist.list(reader, {});
  const [row] = rows;
  if (!row) throw new Error("the list is empty");
  const { patientId, studyId } = row;
  const page = await Timeline.read(reader, { patientId });
  return {
    studies: page.rows.length,
    page: await medianMs(() => Timeline.read(reader, { patientId })),
    priors: await medianMs(() => Timeline.priors(reader, { studyId })),
    "recent patients": await medianMs(() => Timeline.listRecent(reader, {})),
  };
}

async function measure(region: Region, studies: number) {
  const ctx = region.system("RXC");
  const searches = [];
  for (const [search, parameters] of Object.entries(SEARCHES)) {
    searches.push({ search, ...(await timed(() => Study.findStudies(ctx, { parameters }))) });
  }
  return {
    studies,
    searches,
    "portal's list, ms": await pagesMs(region),
    "timeline, ms": await timelineMs(region),
  };
}

/** Searches through the action (policy, audit and row-level security as in production), median of nine. */
export async function query() {
  const cluster = await startTestCluster();
  process.env.WEALD_TEST_POSTGRES = cluster.adminUrl;
  const region = await Region.create();
  try {
    const results = [];
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
