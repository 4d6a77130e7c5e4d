/** A message carries ids, never content. It arrives at least once and out of order. */
export type QueueMessage = { body: string };

/**
 * One queue, by the name that `infra/` gives it.
 *
 * @throws {StoreUnavailable} `QUEUE_UNAVAILABLE` when nothing was sent. A partial failure is sent again by the port.
 */
export interface Queue {
  readonly name: string;
  send(messages: readonly QueueMessage[]): Promise<void>;
}

/** Most urgent first. `bulk`: history that nobody waits for. */
export const URGENCIES = ["urgent", "routine", "bulk"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** A queue for each urgency: what is urgent waits behind no backlog of what isn't (docs/adr/0030). */
export type Arrivals = Readonly<Record<Urgency, Queue>>;

/** How much stands in one queue. `oldestSeconds`: none where nothing waits. */
export type QueueDepth = { queue: string; waiting: number; oldestSeconds: number | undefined };

/**
 * How the region's queues stand, those of dead letters among them, each once and in a fixed order. What is counted may be a minute old.
 *
 * @throws {QueueUnavailable} `QUEUE_UNAVAILABLE` when they can't be asked.
 */
export interface QueueGauge {
  depths(): Promise<readonly QueueDepth[]>;
}
