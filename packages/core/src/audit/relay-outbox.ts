import { z } from "zod";
import { type Ctx, defineAction, type Tx } from "../kernel/index.ts";
import { systemOnly } from "./audit.policy.ts";
import { claimWaiting, markRelayed } from "./outbox.store.ts";

const MOST = 100;

const read = defineAction({
  name: "audit.read-outbox",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: (tx: Tx) => claimWaiting(tx, MOST),
  audit: { how: "none" },
});

const mark = defineAction({
  name: "audit.mark-relayed",
  input: z.object({ ids: z.array(z.bigint()) }),
  policy: systemOnly,
  load: async () => null,
  run: async (tx, { ids }) => markRelayed(tx, ids),
  audit: { how: "none" },
});

/**
 * Sends what waits in the outbox to the queue of facts, then marks it. Dying between the two sends it again: messages
 * arrive at least once, and who hears them is idempotent by the row's id.
 */
async function relay(ctx: Ctx, input: Record<string, never>) {
  const rows = await read(ctx, input);
  if (rows.length === 0) return { relayed: 0, isMore: false };
  await ctx.service.ports.facts.send(
    rows.map(({ id, type, payload }) => ({ body: JSON.stringify({ id: String(id), type, payload }) })),
  );
  await mark(ctx, { ids: rows.map(({ id }) => id) });
  return { relayed: rows.length, isMore: rows.length === MOST };
}

export const relayOutbox = Object.assign(relay, {
  actionName: "audit.relay-outbox",
  input: read.input,
  policy: read.policy,
  audit: read.audit,
});
