import "server-only";
import type { api } from "#server/caller.ts";
import type { ViewerInstance } from "#viewer/contract.ts";
import type { BegunSeries } from "./begun-series.ts";

/** Of pages after the first: a longer series comes in answers of its own. */
const MOST_MORE = 1;
const MOST_SIGNED = 200;

type Caller = Awaited<ReturnType<typeof api>>;
type Asked = { studyId: string; servedVersion: number; seriesId: string };

async function restOf(
  caller: Caller,
  { seriesId, servedVersion }: Asked,
  from: string | undefined,
): Promise<BegunSeries["pages"]> {
  const pages: BegunSeries["pages"] = [];
  for (let after = from; after && pages.length < MOST_MORE; after = pages.at(-1)?.next) {
    const { instances, next } = await caller.study.readSeries({ seriesId, servedVersion, after });
    pages.push({ after, instances: instances as ViewerInstance[], next });
  }
  return pages;
}

const signedOf = async (caller: Caller, { studyId, servedVersion }: Asked, instanceIds: string[]) =>
  (await caller.study.signObjects({ studyId, instanceIds, servedVersion })).objects;

/**
 * Reads the series that hangs first, and signs its first objects, while the browser still fetches the viewer: the first picture
 * needs no further query. What can't be had so is asked for by the viewer, which says why.
 */
export async function beginSeries(caller: Caller, asked: Asked): Promise<string | undefined> {
  try {
    const { servedVersion, seriesId } = asked;
    const first = await caller.study.readSeries({ seriesId, servedVersion });
    const instances = first.instances as ViewerInstance[];
    if (instances.length === 0) return undefined;
    // What lies in a pack is read from there: its originals are asked for when they are needed.
    const instanceIds = instances
      .filter(({ packed }) => !packed)
      .slice(0, MOST_SIGNED)
      .map(({ instanceId }) => instanceId);
    const [rest, objects] = await Promise.all([
      restOf(caller, asked, first.next),
      instanceIds.length > 0 ? signedOf(caller, asked, instanceIds) : [],
    ]);
    const pages = [{ after: undefined, instances, next: first.next }, ...rest];
    const ofPacks = first.packs.map(({ packId, ...one }) => ({ instanceId: packId, ...one }));
    const begun: BegunSeries = { seriesId, pages, signed: [...objects, ...ofPacks] };
    return JSON.stringify(begun);
  } catch {
    return undefined;
  }
}
