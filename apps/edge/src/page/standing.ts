import { type CacheStanding, type CacheStandingSource, cacheStandingOf } from "../cache/standing.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import { type Amount, type Spool, URGENCIES, type Urgency } from "../ledger/index.ts";

/** What the page and the metrics tell: counts, times and codes, nothing of a patient. */
export type Standing = {
  trust: string;
  now: string;
  startedAt: string;
  waiting: { urgency: Urgency; amount: Amount; oldest: string | undefined }[];
  sent: Amount;
  /** Looks at what is kept here that the region isn't told of yet; among `waiting` too. */
  looks: Amount;
  cache: CacheStanding | undefined;
  trouble: ReturnType<Forwarder["trouble"]>;
  lastSuccess: string | undefined;
  freeBytes: number;
  isRefusing: boolean;
};

const receivedAt = (id: string | undefined): string | undefined =>
  id?.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z");

export type StandingSource = {
  trust: string;
  spool: Spool;
  forwarder: Forwarder;
  cache: CacheStandingSource | undefined;
  startedAt: Date;
};

export async function standingOf(source: StandingSource): Promise<Standing> {
  const { trust, spool, forwarder, startedAt } = source;
  const waiting = await Promise.all(
    URGENCIES.map(async (urgency) => ({
      urgency,
      amount: { ...spool.standing.waiting[urgency] },
      oldest: receivedAt(await spool.ledger.oldestWaiting(urgency)),
    })),
  );
  return {
    trust,
    now: new Date().toISOString(),
    startedAt: startedAt.toISOString(),
    waiting,
    sent: { ...spool.standing.sent },
    looks: { ...spool.standing.looks },
    cache: source.cache && cacheStandingOf(source.cache),
    trouble: forwarder.trouble(),
    lastSuccess: forwarder.lastSuccess(),
    freeBytes: await spool.freeBytes(),
    isRefusing: !(await spool.hasRoom()),
  };
}
