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
