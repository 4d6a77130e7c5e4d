import { z } from "zod";
import { type Ctx, defineBatchAction } from "../kernel/index.ts";
import { arrivalOf } from "./arrival.ts";
import { clearFromInbox } from "./clear-from-inbox.ts";
import { findItems, type Outcome } from "./inbox.store.ts";
import { type InboxPlace, inboxKey, placeOf } from "./inbox-key.ts";
import { systemOnly } from "./ingest.policy.ts";

const CHUNK = 100;
const MOST = 10_000;

type Left = InboxPlace & { key: string; outcome: string | null };

async function leftSince(ctx: Ctx, before: Date): Promise<InboxPlace[]> {
  const left: InboxPlace[] = [];
  for await (const object of ctx.service.ports.inbox.list("inbox/", { limit: MOST })) {
    const place = placeOf(object.key);
    if (place && object.modifiedAt <= before) left.push(place);
  }
  return left;
}

const inChunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );

/**
 * Drives again what was left in the inbox: a notification that was never sent, a death between commit and clearing. What
 * has an outcome is cleared; what has none is told of once more.
 */
export const sweepInbox = defineBatchAction({
  name: "ingest.sweep-inbox",
  input: z.object({ olderThanSeconds: z.number().int().min(0).default(120) }),
  policy: systemOnly,
  async prepare(ctx, { olderThanSeconds }) {
    return inChunks(await leftSince(ctx, new Date(ctx.service.now().getTime() - olderThanSeconds * 1000)));
  },
  load: async () => null,
  async run(tx, _input, _facts, places): Promise<Left[]> {
    const items = await findItems(
      tx,
      places.map(({ itemId }) => itemId),
    );
    const outcomeOf = new Map(items.map((item) => [item.id, item.outcome]));
    return places.map((place) => ({
      ...place,
      key: inboxKey(place),
      outcome: outcomeOf.get(place.itemId) ?? null,
    }));
  },
  async after(ctx, results) {
    const counts = { cleared: 0, driven: 0 };
    for (const result of results) {
      if ("error" in result) throw result.error;
      const waiting = result.done.filter(({ outcome }) => outcome === null);
      if (waiting.length > 0)
        await ctx.service.ports.arrivals.send(waiting.map(({ key }) => ({ body: arrivalOf(key) })));
      for (const left of result.done)
        if (left.outcome !== null) await clearFromInbox(ctx, left, left.outcome as Outcome);
      counts.driven += waiting.length;
      counts.cleared += result.done.length - waiting.length;
    }
    return counts;
  },
  audit: { how: "none" },
});
