import { z } from "zod";
import { type Ctx, defineBatchAction, type Tx } from "../kernel/index.ts";
import { URGENCIES } from "../ports/index.ts";
import { arrivalOf } from "./arrival.ts";
import { clearFromInbox } from "./clear-from-inbox.ts";
import { sendBack } from "./decide-quarantine.ts";
import { findItems, findReached, type ItemRow, type Outcome } from "./inbox.store.ts";
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
/**
 * Where more than so many wait, most messages wait in the queue: one more of each at every sweep would make it longer. Told of is then
 * whose turn has passed, as something that came later is out already.
 */
const BACKLOG = 1000;
/** What came out in so long says how far the queue is; nothing in so long: nobody knows, and all are told of. */
const REACHED_SECONDS = 600;
/** And every other one once in so long, in case its message was lost. */
const AGAIN_SECONDS = 3600;
/** The timer's (infra/ingest.ts). */
const SWEEP_SECONDS = 300;

type Place = InboxPlace & { ageSeconds: number };
type Left = Place & { key: string; outcome: string | null; isPassed: boolean };
/** A chunk of what lies in the inbox, or of what waits for a person. */
type Part = { kind: "inbox"; places: Place[] } | { kind: "quarantine"; itemIds: string[] };
/** `back`: decided to be tried again, and the decider died before the object was moved. */
type Swept = { left: Left[]; back: ItemRow[] };

type Old = { key: string; ageSeconds: number };

async function keysOlderThan(ctx: Ctx, prefix: string, before: Date): Promise<Old[]> {
  const now = ctx.service.now().getTime();
  const old: Old[] = [];
  for await (const { key, modifiedAt } of ctx.service.ports.inbox.list(prefix, { limit: MOST }))
    if (modifiedAt <= before) old.push({ key, ageSeconds: (now - modifiedAt.getTime()) / 1000 });
  return old;
}

async function partsBefore(ctx: Ctx, before: Date): Promise<Part[]> {
  const known = <T>(one: T | undefined): T[] => (one === undefined ? [] : [one]);
  const places: Place[] = [];
  for (const folder of INBOX_FOLDERS)
    for (const { key, ageSeconds } of await keysOlderThan(ctx, folder, before))
      places.push(...known(placeOf(key)).map((place) => ({ ...place, ageSeconds })));
  const aside = (await keysOlderThan(ctx, "quarantine/", before)).flatMap(({ key }) =>
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

async function sweepPlaces(tx: Tx, places: readonly Place[]): Promise<Swept> {
  const items = await findItems(
    tx,
    places.map(({ itemId }) => itemId),
  );
  const outcomeOf = new Map(items.map((item) => [item.id, item.outcome]));
  const now = tx.now.getTime();
  const reached = await findReached(tx, new Date(now - REACHED_SECONDS * 1000));
  const left = places.map((place) => {
    const key = inboxKey(place);
    const upTo = reached.get(key.split("/")[0] ?? "")?.getTime() ?? now;
    return {
      ...{ ...place, key, outcome: outcomeOf.get(place.itemId) ?? null },
      isPassed: now - place.ageSeconds * 1000 <= upTo,
    };
  });
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

const waitingOf = ({ left }: Swept): Left[] => left.filter(({ outcome }) => outcome === null);
const isDueInBacklog = ({ ageSeconds, isPassed }: Left): boolean =>
  isPassed || (ageSeconds >= AGAIN_SECONDS && ageSeconds % AGAIN_SECONDS < SWEEP_SECONDS);

async function takeUp(ctx: Ctx, swept: Swept, isBacklog: boolean) {
  const { left, back } = swept;
  const waiting = waitingOf(swept).filter((one) => !isBacklog || isDueInBacklog(one));
  await tellAgain(ctx, waiting);
  for (const one of left) if (one.outcome !== null) await clearFromInbox(ctx, one, one.outcome as Outcome);
  for (const { id, inboxKey: cameBy } of back) {
    const place = placeOf(cameBy);
    if (!place) continue;
    const key = inboxKey({ ...place, lane: "routine" });
    await sendBack(ctx, key, { objectKey: quarantineKey(id), kind: place.kind });
  }
  return { cleared: left.length - waitingOf(swept).length, driven: waiting.length + back.length };
}

/**
 * Drives again what was left: a notification that was never sent, a death between commit and clearing, a retry whose object
 * wasn't moved. What has an outcome is cleared; what has none is told of once more, in a backlog only if its
 * turn has passed, or once an hour.
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
    const swept = results.map((result) => {
      if ("error" in result) throw result.error;
      return result.done;
    });
    const isBacklog = swept.reduce((sum, one) => sum + waitingOf(one).length, 0) > BACKLOG;
    for (const one of swept) {
      const { cleared, driven } = await takeUp(ctx, one, isBacklog);
      counts.cleared += cleared;
      counts.driven += driven;
    }
    return counts;
  },
  audit: { how: "none" },
});
