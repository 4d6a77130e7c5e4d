import { setTimeout as wait } from "node:timers/promises";
import type { EdgeConfig } from "../config.ts";
import { type Item, isLarge, type Spool } from "../ledger/index.ts";
import type { Log } from "../log.ts";
import { backOff } from "./back-off.ts";
import { isPassing, type RegionClient, RegionRefused } from "./region-client.ts";
import { type Sender, senderOf } from "./send-items.ts";
import type { Throttle } from "./throttle.ts";

export type ForwarderOptions = {
  spool: Spool;
  client: RegionClient;
  /** Sends one word on a procedure step; throws as the client does. */
  sendStep: (item: Item) => Promise<void>;
  /** Tells of looks, and settles them; throws as the client does. */
  sendLooks: (items: Item[]) => Promise<void>;
  /** The line to the region, which others share. */
  line: Throttle;
  config: EdgeConfig["forward"];
  log: Log;
  /** Asks for outcomes so often, while there are any to come. */
  pollMs?: number;
};

/** What a person must know when it doesn't go on. */
export type Trouble = { code: string; since: string; at: string } | undefined;

export type Forwarder = { trouble(): Trouble; lastSuccess(): string | undefined; stop(): Promise<void> };

const LOOKED_AT = 200;
const BATCH = 32;
const BATCH_BYTES = 32 * 1024 * 1024;
const STEPS = 20;
const LOOKS = 50;
const OUTCOMES = 500;
const QUIET_MS = 1000;
const LONGEST_POLL_MS = 15_000;

type Lane = { name: string; next(): Promise<Item[]>; send(items: Item[]): Promise<void> };

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "INTERNAL";

function byUpload(items: readonly Item[]): Map<string, Item[]> {
  const uploads = new Map<string, Item[]>();
  for (const item of items) {
    const id = item.sent?.uploadId ?? "";
    uploads.set(id, [...(uploads.get(id) ?? []), item]);
  }
  return uploads;
}

/** At most so many, and so many bytes: then it is looked again what is most urgent. */
function batchOf(items: readonly Item[]): Item[] {
  let bytes = 0;
  return items.slice(0, BATCH).filter(({ sizeBytes }, index) => {
    bytes += sizeBytes;
    return index === 0 || bytes <= BATCH_BYTES;
  });
}

/**
 * Sends on what the spool holds, most urgent first, again and again until the region has settled it: over a region that is
 * away for days, over crashes of either side. One lane takes anything; another passes it with what is urgent or small, so
 * that nothing waits behind a volume on a slow line; a third keeps procedure steps in their order.
 */
export function startForwarder(options: ForwarderOptions): Forwarder {
  const { spool, client, config, log, line, pollMs = 1000 } = options;
  const stopping = new AbortController();
  const inFlight = new Set<string>();
  const notBefore = new Map<string, number>();
  const sender: Sender = senderOf({ spool, client, atOnce: config.atOnce, line });
  let trouble: Trouble;
  let lastSuccess: string | undefined;
  let wake = () => {};

  function failed(error: unknown, event: string): void {
    const [code, at] = [codeOf(error), new Date().toISOString()];
    trouble = { code, since: trouble?.since ?? at, at };
    log({ level: "warn", event, why: code });
  }

  function worked(): void {
    trouble = undefined;
    lastSuccess = new Date().toISOString();
  }

  const pause = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => {});

  /** Until something is kept, or a moment has passed. */
  function quiet(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, QUIET_MS);
      const before = wake;
      wake = () => {
        clearTimeout(timer);
        before();
        resolve();
      };
    });
  }

  function woken(): void {
    const call = wake;
    wake = () => {};
    call();
  }

  const isReady = ({ id }: Item) => !inFlight.has(id) && (notBefore.get(id) ?? 0) <= Date.now();

  async function chosen(isFor: (item: Item) => boolean): Promise<Item[]> {
    const waiting = await spool.ledger.nextWaiting(LOOKED_AT + inFlight.size + notBefore.size);
    const items = batchOf(waiting.filter((item) => isReady(item) && isFor(item)));
    for (const { id } of items) inFlight.add(id);
    // Another lane may have sent one while the line was read: what stands now is known only once it is this lane's.
    const standing = await spool.ledger.readAll(items.map(({ id }) => id));
    const mine = standing.filter(({ state }) => state === "waiting");
    for (const { id } of items) if (!mine.some((item) => item.id === id)) inFlight.delete(id);
    return mine;
  }

  /** One that is refused by itself doesn't hold the others up. */
  async function refused(item: Item, error: RegionRefused): Promise<void> {
    failed(error, "forward.refused");
    const again = await spool.markWaiting(item);
    notBefore.set(item.id, Date.now() + Math.min(config.longestWaitSeconds, 2 ** again.attempts) * 1000);
  }

  async function sendObjects(items: Item[]): Promise<void> {
    const results = await sender.send(items);
    const refusals = results.flatMap(({ item, error }) =>
      error instanceof RegionRefused && !isPassing(error) ? [{ item, error }] : [],
    );
    for (const { item, error } of refusals) await refused(item, error);
    const other = results.find(
      ({ error }) => error && !(error instanceof RegionRefused && !isPassing(error)),
    );
    if (other) throw other.error;
    for (const { item } of results) if (!refusals.some((one) => one.item === item)) notBefore.delete(item.id);
    if (refusals.length === 0) worked();
  }

  async function sendSteps(items: Item[]): Promise<void> {
    for (const item of items) {
      try {
        await options.sendStep(item);
        await spool.settle([{ item, outcome: "accepted" }]);
      } catch (error) {
        if (!(error instanceof RegionRefused) || isPassing(error)) throw error;
        failed(error, "forward.step-refused");
        await spool.settle([{ item, outcome: "skipped", code: error.code }]);
      }
    }
    worked();
  }

  const lanes: Lane[] = [
    { name: "all", next: () => chosen(() => true), send: sendObjects },
    {
      name: "express",
      next: () => chosen(({ urgency, sizeBytes }) => urgency === "urgent" || !isLarge(sizeBytes)),
      send: sendObjects,
    },
    { name: "steps", next: () => spool.ledger.nextSteps(STEPS), send: sendSteps },
    // One that is refused holds up the rest: a look is told, or a person is.
    { name: "looks", next: () => spool.ledger.nextLooks(LOOKS), send: options.sendLooks },
  ];

  async function run(lane: Lane): Promise<void> {
    const failures = backOff(config.longestWaitSeconds * 1000);
    while (!stopping.signal.aborted) {
      const items = await lane.next();
      if (items.length === 0) {
        await quiet();
        continue;
      }
      try {
        await lane.send(items);
        failures.worked();
      } catch (error) {
        failed(error, "forward.failed");
        await pause(failures.nextMs());
      } finally {
        for (const { id } of items) inFlight.delete(id);
      }
    }
  }

  async function askOutcomes(page: readonly Item[]): Promise<number> {
    let settled = 0;
    for (const [uploadId, items] of byUpload(page)) {
      const answers = await sender.outcomes(uploadId, items);
      settled += answers.length;
      if (answers.length > 0) await spool.settle(answers);
    }
    return settled;
  }

  async function follow(): Promise<void> {
    const failures = backOff(config.longestWaitSeconds * 1000);
    let last: Item | undefined;
    let ms = pollMs;
    while (!stopping.signal.aborted) {
      try {
        const page = await spool.ledger.sentPage(last, OUTCOMES);
        last = page.length === OUTCOMES ? page.at(-1) : undefined;
        const settled = page.length > 0 ? await askOutcomes(page) : 0;
        if (settled > 0) worked();
        ms = settled > 0 || page.length === 0 ? pollMs : Math.min(LONGEST_POLL_MS, ms * 1.5);
        failures.worked();
        if (!last) await pause(ms);
      } catch (error) {
        failed(error, "outcomes.failed");
        await pause(failures.nextMs());
      }
    }
  }

  const forget = spool.onKept(woken);
  const loops = [...lanes.map(run), follow()];
  for (const loop of loops)
    loop.catch((error: unknown) => {
      // The disk or the ledger itself: going on would promise what can't be kept.
      log({ level: "error", event: "forward.stopped", why: codeOf(error) });
      process.exitCode = 1;
      process.kill(process.pid, "SIGTERM");
    });
  return {
    trouble: () => trouble,
    lastSuccess: () => lastSuccess,
    async stop() {
      forget();
      stopping.abort();
      woken();
      await Promise.allSettled(loops);
    },
  };
}
