import type { EdgeConfig } from "../config.ts";
import type { CacheDisk } from "./cache-disk.ts";
import type { Keeper } from "./keeper.ts";
import { type KeptLists, NOT_SHOWN } from "./kept-lists.ts";
import { keyOf } from "./needed.ts";

/** What the page and the metrics tell of what is kept: ids of systems, counts, times. */
export type CacheStanding = {
  clients: {
    clientId: string;
    /** When the region said last what is needed; `undefined`: never. */
    asOf: string | undefined;
    /** Why this system would be shown nothing now, were the region away. */
    notShown: string | undefined;
    wanted: number;
    kept: number;
    isCut: boolean;
  }[];
  wanted: number;
  kept: number;
  bytes: number;
  mostBytes: number;
  trouble: string | undefined;
};

export type CacheStandingSource = {
  config: EdgeConfig;
  cache: NonNullable<EdgeConfig["cache"]>;
  lists: KeptLists;
  disk: CacheDisk;
  keeper: Keeper;
};

export function cacheStandingOf(source: CacheStandingSource): CacheStanding {
  const { config, cache, lists, disk, keeper } = source;
  const kept = config.applicationEntities.flatMap(({ client }) => (client?.isKeptFor ? [client.id] : []));
  const clients = [...new Set(kept)].map((clientId) => {
    const list = lists.all().find((one) => one.clientId === clientId);
    const shown = lists.shownTo(clientId);
    return {
      clientId,
      asOf: list?.asOf,
      notShown: typeof shown === "string" ? NOT_SHOWN[shown] : undefined,
      wanted: list?.studies.length ?? 0,
      kept: list?.studies.filter((study) => disk.isReady(keyOf(study))).length ?? 0,
      isCut: list?.isCut ?? false,
    };
  });
  return {
    clients,
    wanted: lists.wanted.size,
    kept: disk.ready.length,
    bytes: disk.bytes,
    mostBytes: cache.mostBytes,
    trouble: keeper.trouble(),
  };
}
