import { setTimeout as wait } from "node:timers/promises";
import { createQueueConsumer, type HeldMessage } from "@weald/adapters/queue/postgres";
import { z } from "zod";
import { objectCreatedMessage, type StoredEvent, sqsEvent } from "./events.ts";
import type { FunctionHost, FunctionSpec } from "./function-host.ts";
import { everySeconds, type Manifest } from "./manifest.ts";

export type CloudLog = (line: {
  level: "info" | "warn" | "error";
  event: string;
  [field: string]: string | number;
}) => void;

export type LocalCloudOptions = {
  manifest: Manifest;
  queueUrl: string;
  host: (spec: FunctionSpec) => FunctionHost;
  send: (queue: string, body: string) => Promise<void>;
  log?: CloudLog;
};

const PartialAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });
const IDLE_MS = 200;
const MOST_ROUNDS = 10_000;
/** A timer's first event comes within so long: a process for every one of them at once is in the way of all else that starts. */
const FIRST_WITHIN_MS = 30_000;

type Subscription = Manifest["subscriptions"][number];

/** The functions, queues, filters, retries and schedules of the manifest, with the same envelopes, on this machine. */
export function createLocalCloud({ manifest, queueUrl, host, send, log = () => {} }: LocalCloudOptions) {
  const consumer = createQueueConsumer(queueUrl);
  const hosts = new Map<string, FunctionHost>();
  const timers = new Set<NodeJS.Timeout>();
  const wakers = new Map<string, (() => void)[]>();
  const running = new Set<Promise<unknown>>();
  let isStopped = false;

  function hostOf(id: string): FunctionHost {
    const known = hosts.get(id);
    if (known) return known;
    const spec = manifest.functions[id];
    if (!spec) throw new Error(`the manifest has no function ${id}`);
    const made = host({ id, ...spec });
    hosts.set(id, made);
    return made;
  }

  /** S3 → its notifications → queues. */
  async function objectCreated(stored: StoredEvent): Promise<void> {
    for (const { bucket, queue, prefix = "", events } of manifest.notifications) {
      const isWanted = events.some(
        (event) => event === "s3:ObjectCreated:*" || event === "s3:ObjectCreated:Put",
      );
      if (bucket.toLowerCase() === stored.bucket && stored.key.startsWith(prefix) && isWanted)
        await send(queue, objectCreatedMessage(stored)).then(() => wake(queue));
    }
  }

  /** What was sent from here is taken at once; what others sent is found at the next poll. */
  function wake(queue: string): void {
    for (const waker of wakers.get(queue) ?? []) waker();
    wakers.delete(queue);
  }

  async function retire(subscription: Subscription, batch: readonly HeldMessage[]): Promise<HeldMessage[]> {
    const { maxReceives, deadLetters } = manifest.queues[subscription.queue] ?? {};
    if (maxReceives === undefined || !deadLetters) return [...batch];
    const dead = batch.filter(({ receives }) => receives > maxReceives);
    if (dead.length > 0) {
      await consumer.moveToDeadLetters(dead, deadLetters);
      log({ level: "error", event: "cloud.dead-letter", queue: subscription.queue, messages: dead.length });
    }
    return batch.filter((message) => !dead.includes(message));
  }

  function failedOf(answer: unknown, batch: readonly HeldMessage[]): HeldMessage[] {
    const parsed = PartialAnswer.safeParse(answer);
    if (!parsed.success) return [];
    const named = new Set(parsed.data.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const isKnown = [...named].every((id) => batch.some((message) => message.id === id));
    // An identifier that isn't in the batch fails all of it, as on AWS.
    return isKnown ? batch.filter(({ id }) => named.has(id)) : [...batch];
  }

  const visibilitySecondsOf = (queue: string) => manifest.queues[queue]?.visibilitySeconds ?? 30;

  /** Back-off between tries: sooner than the visibility time where the function has answered that it failed. */
  const waitSeconds = (receives: number) => Math.min(60, 2 ** (receives - 1));

  /** As SQS does, which stands apart from the database: where its rows can't be reached, as soon as they can be again. */
  async function giveBack({ queue }: Subscription, messages: readonly HeldMessage[]): Promise<void> {
    const visibleAt = Date.now() + visibilitySecondsOf(queue) * 1000;
    for (const message of messages)
      while (!(await isReleased(message)) && Date.now() < visibleAt && !isStopped) await wait(IDLE_MS);
  }

  const isReleased = (message: HeldMessage): Promise<boolean> =>
    consumer.release([message], waitSeconds(message.receives)).then(
      () => true,
      () => false,
    );

  async function deliver(subscription: Subscription, batch: readonly HeldMessage[]): Promise<void> {
    try {
      const answer = await hostOf(subscription.function).invoke(sqsEvent(subscription.queue, batch));
      const failed = subscription.partialResponses ? failedOf(answer, batch) : [];
      await consumer.delete(batch.filter((message) => !failed.includes(message)));
      await giveBack(subscription, failed);
    } catch (error) {
      log({
        level: "error",
        event: "cloud.function-failed",
        function: subscription.function,
        why: error instanceof Error ? error.message.slice(0, 200) : "",
      });
      await giveBack(subscription, batch);
    }
  }

  /** One poll of one event source mapping. */
  async function poll(subscription: Subscription): Promise<number> {
    const { queue, batchSize } = subscription;
    const held = await consumer.receive(queue, batchSize, visibilitySecondsOf(queue));
    const batch = await retire(subscription, held);
    if (batch.length > 0) await deliver(subscription, batch);
    return held.length;
  }

  async function tick(name: string): Promise<void> {
    const schedule = manifest.schedules.find((one) => one.name === name);
    if (!schedule) throw new Error(`the manifest has no schedule ${name}`);
    await hostOf(schedule.function).invoke({ source: "aws.scheduler", time: new Date().toISOString() });
  }

  function track(work: Promise<unknown>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  /** Does the work after a while, or at once when what it returns is called. */
  function later(ms: number, work: () => Promise<unknown>): () => void {
    if (isStopped) return () => {};
    const run = () => {
      if (!timers.delete(timer)) return;
      clearTimeout(timer);
      track(work());
    };
    const timer = setTimeout(run, ms);
    timers.add(timer);
    return run;
  }

  /** Queues in whose last poll there was something. */
  const busy = new Set<string>();

  /**
   * One function has one process here, which takes one batch after the other. What may have few executions at once has them while
   * the function's other queues stand empty; on AWS it has them beside theirs.
   */
  const mustWait = ({ function: id, atOnce }: Subscription): boolean =>
    atOnce !== undefined &&
    manifest.subscriptions.some(
      (one) => one.function === id && one.atOnce === undefined && busy.has(one.queue),
    );

  async function loop(subscription: Subscription): Promise<void> {
    if (mustWait(subscription)) {
      later(IDLE_MS, () => loop(subscription));
      return;
    }
    const taken = await poll(subscription).catch((error: unknown) => {
      log({
        level: "warn",
        event: "cloud.poll-failed",
        queue: subscription.queue,
        why: error instanceof Error ? error.message : "",
      });
      return 0;
    });
    if (taken > 0) {
      busy.add(subscription.queue);
      later(0, () => loop(subscription));
      return;
    }
    busy.delete(subscription.queue);
    const woken = later(IDLE_MS, () => loop(subscription));
    wakers.set(subscription.queue, [...(wakers.get(subscription.queue) ?? []), woken]);
  }

  async function repeat(name: string, seconds: number): Promise<void> {
    await tick(name).catch((error: unknown) =>
      log({
        level: "error",
        event: "cloud.schedule-failed",
        name,
        why: error instanceof Error ? error.message : "",
      }),
    );
    later(seconds * 1000, () => repeat(name, seconds));
  }

  return {
    objectCreated,
    tick,
    /** A call that somebody waits for, as by Lambda's Invoke or a function's URL. */
    invoke: (id: string, event: unknown) => hostOf(id).invoke(event, { isRequest: true }),
    stream: (id: string, event: unknown) => hostOf(id).stream(event),
    urls: manifest.urls,
    depths: () => consumer.depths(),
    /** What a killed process held is visible again; then everything runs. */
    async start(): Promise<void> {
      await consumer.releaseAll();
      for (const subscription of manifest.subscriptions) track(loop(subscription));
      const apartMs = FIRST_WITHIN_MS / manifest.schedules.length;
      for (const [at, { name, expression }] of manifest.schedules.entries())
        later(at * apartMs, () => repeat(name, everySeconds(expression)));
    },
    /** Polls until nothing is visible in any queue that somebody reads. Nothing waits for a clock. */
    async drain(): Promise<number> {
      let delivered = 0;
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        let taken = 0;
        for (const subscription of manifest.subscriptions) taken += await poll(subscription);
        delivered += taken;
        if (taken === 0) return delivered;
      }
      throw new Error("the queues don't drain");
    },
    async stop(): Promise<void> {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.allSettled(running);
      await Promise.all([...hosts.values()].map((one) => one.stop()));
    },
  };
}
export type LocalCloud = ReturnType<typeof createLocalCloud>;
