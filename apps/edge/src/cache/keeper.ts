import { setTimeout as wait } from "node:timers/promises";
import type { EdgeConfig } from "../config.ts";
import { caller, isAway, RegionRefused } from "../forward/region-client.ts";
import type { Throttle } from "../forward/throttle.ts";
import type { Spool } from "../ledger/index.ts";
import type { Log } from "../log.ts";
import { type Dicomweb, dicomweb } from "../query/dicomweb.ts";
import type { CacheDisk } from "./cache-disk.ts";
import { fetchHeads, fetchStudy, NotKept } from "./fetch-study.ts";
import type { KeptLists, Wanted } from "./kept-lists.ts";
import { cacheTokens } from "./looks.ts";
import { keyOf, Needed } from "./needed.ts";
import type { Presence } from "./presence.ts";

export type KeeperOptions = {
  config: EdgeConfig;
  cache: NonNullable<EdgeConfig["cache"]>;
  spool: Spool;
  lists: KeptLists;
  disk: CacheDisk;
  presence: Presence;
  line: Throttle;
  /** Nothing is sent on: what is urgent waits in vain. */
  isStuck: () => boolean;
  log: Log;
};

export type Keeper = {
  /** The last question had no answer. */
  isAway(): boolean;
  trouble(): string | undefined;
  stop(): Promise<void>;
};

const HEADS = 50;
const QUIET_MS = 1000;
const AGAIN_MS = 5000;
/** What couldn't be fetched is tried again then, or as soon as the list says something else of it. */
const LATER_MS = 60_000;
const NO_ROOM_MS = 3_600_000;
const FULL_MS = 600_000;
const LEAST_PATIENCE_MS = 5000;
const ROOM_IS_KNOWN_AFTER_MS = 600;

type Kept = { id: string; ask: ReturnType<typeof caller>; web: Dicomweb };

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";

/** A client that isn't granted the scope, or nothing at all any more. */
const isRevoked = (error: unknown): boolean =>
  error instanceof RegionRefused &&
  (error.status === 403 || (error.code === "TOKEN_REFUSED" && error.status < 500));

function clientsOf({ applicationEntities, region, cache }: EdgeConfig, { met }: Presence): Kept[] {
  const withinMs = Math.max(LEAST_PATIENCE_MS, (cache?.checkSeconds ?? 0) * 1000);
  const kept = applicationEntities.flatMap(({ client }) => (client?.isKeptFor ? [client] : []));
  const unique = [...new Map(kept.map((client) => [client.id, client])).values()];
  return unique.map((client) => {
    const token = cacheTokens(region, client, withinMs);
    const ask = caller(region.portalUrl, token, { met, withinMs });
    return { id: client.id, ask, web: dicomweb(region.dicomwebUrl ?? "", token, met) };
  });
}

/**
 * Asks again and again what today's lists need, drops at once what is corrected, moved, rejected or closed, and fetches in
 * the background what is new: most needed first, when nothing urgent waits, within the line's limit and the disk's.
 */
export function startKeeper(options: KeeperOptions): Keeper {
  const { cache, spool, lists, disk, line, log } = options;
  const stopping = new AbortController();
  const clients = clientsOf(options.config, options.presence);
  const notBefore = new Map<string, number>();
  /** Nothing of this place or after it has room, until then or until room is made. */
  let fullFrom: { rank: number; until: number } | undefined;
  let trouble: string | undefined;
  let away = false;

  const pause = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => {});

  function failed(error: unknown, event: string): void {
    trouble = codeOf(error);
    log({ level: "warn", event, why: trouble });
  }

  async function dropUnwanted(): Promise<void> {
    for (const key of disk.keys) {
      if (lists.wanted.has(key)) continue;
      if (disk.isReady(key)) fullFrom = undefined;
      await disk.drop(key);
    }
    for (const key of notBefore.keys()) if (!lists.wanted.has(key)) notBefore.delete(key);
  }

  async function check({ id, ask }: Kept): Promise<void> {
    // What is corrected while the region answers is corrected after this moment.
    const asOf = new Date().toISOString();
    const mark = lists.markOf(id);
    try {
      await lists.renew(id, asOf, await ask("worklist.listNeeded", mark ? { mark } : {}, Needed));
    } catch (error) {
      if (!isRevoked(error)) throw error;
      failed(error, "cache.refused");
      await lists.drop(id);
    }
    await dropUnwanted();
  }

  async function checkAll(): Promise<void> {
    trouble = undefined;
    away = false;
    for (const client of clients) {
      try {
        await check(client);
      } catch (error) {
        away ||= isAway(error);
        failed(error, "cache.check-failed");
      }
    }
  }

  async function checking(): Promise<void> {
    while (!stopping.signal.aborted) {
      await checkAll();
      await pause(cache.checkSeconds * 1000);
    }
  }

  /** Least needed out first; what isn't on a list any more before that. */
  function victim(above: number): string | undefined {
    const rankOf = (key: string) => lists.wanted.get(key)?.rank ?? Number.POSITIVE_INFINITY;
    const [last] = [...disk.ready].toSorted((a, b) => rankOf(b) - rankOf(a));
    return last !== undefined && rankOf(last) > above ? last : undefined;
  }

  /** The spool's room is its own, and as much again stays free. */
  const isDiskShort = async (bytes: number) =>
    (await spool.freeBytes()) - bytes < 2 * options.config.leastFreeBytes;

  /** @returns how many had to go */
  async function makeRoom(bytes: number, rank: number): Promise<number> {
    for (let gone = 0; ; gone += 1) {
      const isShort = await isDiskShort(bytes);
      if (!isShort && disk.bytes + bytes <= cache.mostBytes) return gone;
      const least = victim(rank);
      if (least === undefined) throw new NotKept("CACHE_FULL");
      await disk.evict(least);
      if (isShort) await pause(ROOM_IS_KNOWN_AFTER_MS);
    }
  }

  async function giveBack(): Promise<void> {
    const least = (await isDiskShort(0)) ? victim(-1) : undefined;
    if (least !== undefined) await disk.evict(least);
  }

  const isDue = (key: string) => (notBefore.get(key) ?? 0) <= Date.now();
  const webOf = (clientId: string) => clients.find(({ id }) => id === clientId)?.web;

  /** Studies of one client and custodian of which nothing is known yet. */
  function headless(): Wanted[] {
    const unknown = [...lists.wanted].flatMap(([key, wanted]) => (disk.head(key) ? [] : [{ key, wanted }]));
    const due = unknown.filter(({ key }) => isDue(key)).map(({ wanted }) => wanted);
    const [first] = due;
    return due
      .filter(
        ({ clientId, study }) => clientId === first?.clientId && study.custodian === first.study.custodian,
      )
      .slice(0, HEADS);
  }

  async function keepHeads(wanted: readonly Wanted[], web: Dicomweb): Promise<void> {
    const studies = wanted.map(({ study }) => study);
    const heads = await fetchHeads(web, studies, stopping.signal);
    for (const study of studies) {
      const head = heads.get(study.studyInstanceUid);
      if (head && lists.wanted.has(keyOf(study))) await disk.keepHead(keyOf(study), head);
      else later(keyOf(study));
    }
  }

  /** What modalities send goes first. Where nothing goes at all, nothing is gained by waiting. */
  async function urgentFirst(): Promise<void> {
    while (spool.standing.waiting.urgent.count > 0 && !options.isStuck() && !stopping.signal.aborted)
      await pause(100);
  }

  const later = (key: string, error?: unknown) => {
    const isTooMuch = error instanceof NotKept && error.code !== "CACHE_COUNT_DIFFERS";
    notBefore.set(key, Date.now() + (isTooMuch ? NO_ROOM_MS : LATER_MS));
  };
  const hasRoom = (rank: number) => !fullFrom || rank < fullFrom.rank || fullFrom.until < Date.now();

  async function keep({ study, rank }: Wanted, web: Dicomweb): Promise<void> {
    const key = keyOf(study);
    let [bytes, gone] = [0, 0];
    const fetched = fetchStudy(study, {
      web,
      disk,
      signal: stopping.signal,
      async admit(more) {
        bytes += more;
        // One that fills half of it would push out too many others.
        if (bytes > cache.mostBytes / 2) throw new NotKept("CACHE_STUDY_TOO_LARGE");
        await line(more, false);
        gone += await makeRoom(more, rank);
      },
      async goOn() {
        await urgentFirst();
        if (!lists.wanted.has(key)) throw new NotKept("CACHE_NOT_WANTED");
      },
    });
    await fetched.catch((error: unknown) => {
      // Full of what is needed more: what is needed less need not be tried. If others went for it, they may come in again.
      if (error instanceof NotKept && error.code === "CACHE_FULL" && gone === 0)
        fullFrom = { rank, until: Date.now() + FULL_MS };
      throw error;
    });
  }

  /** @returns whether there was anything to do */
  async function step(): Promise<boolean> {
    await giveBack();
    const unknown = headless();
    const isMissing = ([key, { rank, study }]: [string, Wanted]) =>
      disk.head(key) && !disk.isReady(key) && !study.isArriving && isDue(key) && hasRoom(rank);
    const next = [...lists.wanted].find(isMissing)?.[1];
    const first = unknown[0] ?? next;
    const web = first && webOf(first.clientId);
    if (!first || !web) return false;
    await urgentFirst();
    const work = unknown.length > 0 ? keepHeads(unknown, web) : keep(first, web);
    await work.catch((error: unknown) => {
      // What the region refuses, or has no room here, doesn't hold the others up.
      if (!isAway(error))
        for (const { study } of unknown.length > 0 ? unknown : [first]) later(keyOf(study), error);
      throw error;
    });
    return true;
  }

  async function filling(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (!(await step())) await pause(QUIET_MS);
      } catch (error) {
        if (stopping.signal.aborted) return;
        failed(error, "cache.not-kept");
        await pause(isAway(error) ? AGAIN_MS : QUIET_MS);
      }
    }
  }

  const loops = [checking(), filling()];
  for (const loop of loops)
    loop.catch((error: unknown) => log({ level: "error", event: "cache.stopped", why: codeOf(error) }));
  return {
    isAway: () => away,
    trouble: () => trouble,
    async stop() {
      stopping.abort();
      await Promise.allSettled(loops);
    },
  };
}
