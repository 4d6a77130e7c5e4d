import { setTimeout as wait } from "node:timers/promises";
import type { StoreResult } from "@weald/dicom";
import { type Done, type Door, DoorRefused } from "./door.ts";
import type { ObjectToStore } from "./store-parts.ts";

const SIGN_MOST = 200;
const ASK_MOST = 500;
const AT_ONCE = 6;
/** Below the router's own limit of 30 s for a first byte. What takes longer is durable, and the answer says so. */
const WAIT_MS = 18_000;
const ASK_EVERY_MS = 150;
const ACCEPT_MOST = 100;
const ACCEPT_TRIES = 3;

type Waiting = ObjectToStore & Pick<Signed, "itemId" | "arrival">;
type Signed = { itemId: string; url: string; headers: Record<string, string>; arrival: string };
type Outcome = { outcome: string; code?: string | undefined; message?: string | undefined };

const NOT_KEPT = {
  outcome: "failed",
  code: "NOT_KEPT",
  message: "The region could not keep this object just now. Send it again.",
} as const;
const ON_ITS_WAY = {
  outcome: "on-its-way",
  code: "ON_ITS_WAY",
  message: "The object is safely here and waits to be indexed. It need not be sent again.",
} as const;
const PREAMBLE_CLEARED = {
  outcome: "changed",
  code: "PREAMBLE_CLEARED",
  message:
    "The 128 bytes before the object held something that might be a program. They were cleared, and are kept in the index.",
} as const;
const KEPT_AS_ALTERNATE = {
  outcome: "changed",
  code: "KEPT_AS_ALTERNATE",
  message:
    "Another version of this object, with the same image, was here before and is served. This one is kept beside it.",
} as const;

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

/** The same signed PUT as every other sender's: one way in, and the front needs no right of its own to write. */
async function put({ url, headers }: Signed, bytes: Uint8Array): Promise<boolean> {
  try {
    const body = new Uint8Array(bytes);
    const answer = await fetch(url, { method: "PUT", headers, body });
    await answer.arrayBuffer();
    // Keys are written once: it is there.
    return answer.ok || answer.status === 412;
  } catch {
    return false;
  }
}

type Begun = { uploadId: string; signed: Signed[] };

/** Begun with its first files in one ask, where it isn't begun yet. */
async function sign(
  door: Door,
  begun: string | undefined,
  objects: readonly ObjectToStore[],
): Promise<Begun> {
  const signed: Signed[] = [];
  let uploadId = begun;
  for (let from = 0; from < objects.length; from += SIGN_MOST) {
    const batch = objects.slice(from, from + SIGN_MOST);
    const files = batch.map(({ bytes }, index) => ({
      ref: String(from + index),
      sizeBytes: bytes.length,
      kind: "dicom" as const,
    }));
    const answered: { items: Done<"ingest.sign-items">["items"]; uploadId?: string } =
      uploadId === undefined
        ? await door.ask("ingest.begin-and-sign", { door: "dicomweb", files })
        : await door.ask("ingest.sign-items", { uploadId, files });
    uploadId ??= answered.uploadId;
    for (const { ref, itemId, put: grant, arrival = "" } of answered.items)
      signed[Number(ref)] = { itemId, url: grant.url, headers: grant.headers, arrival };
  }
  return { uploadId: uploadId ?? "", signed };
}

function resultOf({ name, clearsPreamble }: ObjectToStore, { outcome, code, message }: Outcome): StoreResult {
  if (outcome === "quarantined" || outcome === "skipped") return { name, outcome: "failed", code, message };
  if (outcome === "alternate") return { name, ...KEPT_AS_ALTERNATE };
  return clearsPreamble ? { name, ...PREAMBLE_CLEARED } : { name, outcome: "stored" };
}

/** What is known so far; a function behind that is away for a moment is asked again. */
async function ask(door: Door, uploadId: string, itemIds: readonly string[]) {
  const known: (Outcome & { itemId: string })[] = [];
  try {
    for (let from = 0; from < itemIds.length; from += ASK_MOST) {
      const batch = itemIds.slice(from, from + ASK_MOST);
      known.push(...(await door.ask("ingest.read-outcomes", { uploadId, itemIds: batch })));
    }
  } catch (error) {
    if (!(error instanceof DoorRefused) || error.refused.kind !== "unavailable") throw error;
  }
  return known;
}

type Outcomes = Map<string, Outcome>;

/** Of those that `known` lacks. */
async function askUntilKnown(door: Door, uploadId: string, itemIds: readonly string[], known: Outcomes) {
  const until = Date.now() + WAIT_MS;
  const open = () => itemIds.filter((itemId) => !known.has(itemId));
  while (open().length > 0) {
    for (const { itemId, ...outcome } of await ask(door, uploadId, open())) known.set(itemId, outcome);
    if (open().length === 0 || Date.now() >= until) return;
    await wait(ASK_EVERY_MS);
  }
}

/** Now, not when the queue comes to it: the sender waits. What can't be taken in just now is left to the sweep. */
async function takeIn({ front }: Door, arrivals: readonly Waiting[]): Promise<Outcomes> {
  const known: Outcomes = new Map();
  for (let from = 0; from < arrivals.length; from += ACCEPT_MOST) {
    const batch = arrivals.slice(from, from + ACCEPT_MOST);
    for (let tries = 0; tries < ACCEPT_TRIES; tries += 1) {
      const accepted = await front
        .accept(batch.map(({ itemId, arrival }) => ({ itemId, arrival })))
        .catch(() => undefined);
      for (const { itemId, ...outcome } of accepted?.outcomes ?? []) known.set(itemId, outcome);
      if (accepted?.failed.length === 0) break;
    }
  }
  return known;
}

/**
 * Brings objects in by the one inbox, as any other sender does, and waits a while for what becomes of them. Results are in
 * the order of the objects. An object counts as here only once its bytes are durable.
 *
 * @param begun - The sending, where it was begun already
 */
export async function storeObjects(
  door: Door,
  begun: string | undefined,
  objects: readonly ObjectToStore[],
): Promise<StoreResult[]> {
  const { uploadId, signed } = await sign(door, begun, objects);
  const waiting = new Map<ObjectToStore, Waiting>();
  await eachOf([...objects.entries()], async ([index, object]) => {
    const grant = signed[index];
    if (grant && (await put(grant, object.bytes)))
      waiting.set(object, { ...object, itemId: grant.itemId, arrival: grant.arrival });
  });
  const sent = [...waiting.values()];
  const outcomes = await takeIn(door, sent);
  await askUntilKnown(
    door,
    uploadId,
    sent.map(({ itemId }) => itemId),
    outcomes,
  );
  return objects.map((object): StoreResult => {
    const { name } = object;
    const sent = waiting.get(object);
    if (!sent) return { name, ...NOT_KEPT };
    const outcome = outcomes.get(sent.itemId);
    return outcome ? resultOf(object, outcome) : { name, ...ON_ITS_WAY };
  });
}
