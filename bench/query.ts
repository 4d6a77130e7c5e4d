import { WealdError } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import type { Region } from "@weald/dev-env/region";
import { growing, medianMs, tablesReadWhole } from "./growing-region.ts";

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
    "tables read whole": await tablesReadWhole(region, async () => {
      await Timeline.read(reader, { patientId });
      await Timeline.priors(reader, { studyId });
      await Timeline.listRecent(reader, {});
    }),
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
export const query = () => growing(measure);
