import { type QueueGauge, QueueUnavailable } from "@weald/core/ports";
import { createQueueConsumer } from "./postgres.ts";

/** How the queues of the local cloud stand. A queue in which nothing waits has no row, and is told of all the same. */
export function createPostgresGauge(connectionString: string, names: readonly string[]): QueueGauge {
  const consumer = createQueueConsumer(connectionString);
  return {
    async depths() {
      const found = await consumer.depths().catch((cause: unknown) => {
        throw new QueueUnavailable("the queues' table can't be read", { cause });
      });
      const of = new Map(found.map((row) => [row.queue, row]));
      return names.map((queue) => {
        const { waiting = 0, oldestSeconds } = of.get(queue) ?? {};
        return { queue, waiting, oldestSeconds: waiting > 0 ? oldestSeconds : undefined };
      });
    },
  };
}
