import { z } from "zod";
import { type Ctx, defineBatchAction, type Tx } from "../kernel/index.ts";
import { URGENCIES } from "../ports/index.ts";
import { arrivalOf } from "./arrival.ts";
import { clearFromInbox } from "./clear-from-inbox.ts";
import { sendBack } from "./decide-quarantine.ts";
import { findItems, type ItemRow, type Outcome } from "./inbox.store.ts";
import {
  INBOX_FOLDERS,
  type InboxPlace,
  inboxKey,
  itemOfQuarantineKey,
  placeOf,
  quarantineKey,
} from "./inbox-key.ts";
import { systemOnly } from "./ingest.policy.ts";

const CHUNK = 100;
const MOST = 10_000;

type Left = InboxPlace & { key: string; outcome: string | null };
/** A chunk of what lies in the inbox, or of what waits for a person. */
type Part = { kind: "inbox"; places: InboxPlace[] } | { kind: "quarantine"; itemIds: string[] };
/** `back`: decided to be tried again, and the decider died before the object was moved. */
type Swept = { left: Left[]; back: ItemRow[] };

async function keysOlderThan(ctx: Ctx, prefix: string, before: Date): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of ctx.service.ports.inbox.list(prefix, { limit: MOST }))
    if (object.modifiedAt <= before) keys.push(object.key);
  return keys;
}

async function partsBefore(ctx: Ctx, before: Date): Promise<Part[]> {
  const known = <T>(one: T | undefined): T[] => (one === undefined ? [] : [one]);
  const places: InboxPlace[] = [];
  for (const folder of INBOX_FOLDERS)
    places.push(...(await keysOlderThan(ctx, folder, before)).flatMap((key) => known(placeOf(key))));
  const aside = (await keysOlderThan(ctx, "quarantine/", before)).flatMap((key) =>
    known(itemOfQuarantineKey(key)),
  );
  return [
    ...inChunks(places).map((chunk): Part => ({ kind: "inbox", places: chunk })),
    ...inChunks(aside).map((chunk): Part => ({ kind: "quarantine", itemIds: chunk })),
  ];
}

const inChunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );

async function sweepPlaces(tx: Tx, places: readonly InboxPlace[]): Promise<Swept> {
  const items = await findItems(
    tx,
    places.map(({ itemId }) => itemId),
  );
  const outcomeOf = new Map(items.map((item) => [item.id, item.outcome]));
  const left = places.map((place) => ({
    ...place,
    key: inboxKey(place),
    outcome: outcomeOf.get(place.itemId) ?? null,
  }));
  return { left, back: [] };
}

/** Each by the queue of its own urgency. */
async function tellAgain(ctx: Ctx, waiting: readonly Left[]): Promise<void> {
  for (const urgency of URGENCIES) {
    const of = waiting.filter(({ lane }) => (lane === "direct" ? "routine" : lane) === urgency);
    if (of.length > 0)
      await ctx.service.ports.arrivals[urgency].send(of.map(({ key }) => ({ body: arrivalOf(key) })));
  }
}

async function takeUp(ctx: Ctx, { left, back }: Swept) {
  const waiting = left.filter(({ outcome }) => outcome === null);
  await tellAgain(ctx, waiting);
  for (const one of left) if (one.outcome !== null) await clearFromInbox(ctx, one, one.outcome as Outcome);
  for (const { id, inboxKey: cameBy } of back) {
    const place = placeOf(cameBy);
    if (!place) continue;
    const key = inboxKey({ ...place, lane: "routine" });
    await sendBack(ctx, key, { objectKey: quarantineKey(id), kind: place.kind });
  }
  return { cleared: left.length - waiting.length, driven: waiting.length + back.length };
}

/**
 * Drives again what was left: a notification that was never sent, a death between commit and clearing, a retry whose object
 * wasn't moved. What has an outcome is cleared; what has none is told of once more.
 */
export const sweepInbox = defineBatchAction({
  name: "ingest.sweep-inbox",
  input: z.object({ olderThanSeconds: z.number().int().min(0).default(120) }),
  policy: systemOnly,
  prepare: (ctx, { olderThanSeconds }) =>
    partsBefore(ctx, new Date(ctx.service.now().getTime() - olderThanSeconds * 1000)),
  load: async () => null,
  async run(tx, _input, _facts, part): Promise<Swept> {
    if (part.kind === "inbox") return sweepPlaces(tx, part.places);
    const items = await findItems(tx, part.itemIds);
    return { left: [], back: items.filter(({ outcome }) => outcome === null) };
  },
  async after(ctx, results) {
    const counts = { cleared: 0, driven: 0 };
    for (const result of results) {
      if ("error" in result) throw result.error;
      const { cleared, driven } = await takeUp(ctx, result.done);
      counts.cleared += cleared;
      counts.driven += driven;
    }
    return counts;
  },
  audit: { how: "none" },
});
