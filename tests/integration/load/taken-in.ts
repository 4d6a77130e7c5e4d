import * as Ingest from "@weald/core/ingest";
import type { FunctionHost } from "@weald/dev-env/cloud";
import { z } from "zod";

const Batch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

const itemsOf = (body: string) =>
  Ingest.arrivedKeys(body).flatMap((key) => Ingest.placeOf(key)?.itemId ?? []);

/**
 * When the function that takes in had answered for each object: whoever asks the worklist from then on is told of it. That is a
 * little later than it could be seen.
 */
export function createTakenIn() {
  const at = new Map<string, number>();
  const waiting = new Map<string, () => void>();

  function note(event: unknown, answer: unknown): void {
    const failed = new Set(
      Answer.parse(answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    );
    for (const { messageId, body } of Batch.parse(event).Records)
      for (const itemId of failed.has(messageId) ? [] : itemsOf(body)) {
        if (!at.has(itemId)) at.set(itemId, Date.now());
        waiting.get(itemId)?.();
        waiting.delete(itemId);
      }
  }
  const one = (itemId: string) =>
    at.has(itemId) ? undefined : new Promise<void>((then) => waiting.set(itemId, then));

  return {
    at,
    all: (itemIds: readonly string[]) => Promise.all(itemIds.map(one)),
    watch: (host: FunctionHost): FunctionHost => ({
      ...host,
      async invoke(event, how) {
        const answer = await host.invoke(event, how);
        note(event, answer);
        return answer;
      },
    }),
  };
}
export type TakenIn = ReturnType<typeof createTakenIn>;
