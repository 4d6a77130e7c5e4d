import { z } from "zod";
import { Conflict, type Ctx, defineAction, type Tx } from "../kernel/index.ts";
import { sendBack } from "./decide-quarantine.ts";
import { reopenItem } from "./inbox.store.ts";
import { inboxKey } from "./inbox-key.ts";
import { mayDecideOutside } from "./ingest.policy.ts";
import { decideItems, findOutsideItems, type OutsideItem, writeConfirmed } from "./outside.store.ts";
import { ownUpload } from "./sign-items.ts";

const Decision = z.object({
  uploadId: z.uuid(),
  identityKey: z.string().regex(/^[0-9a-f]{32}$/),
  reason: z.string().trim().min(5).max(500),
});
type Decision = z.output<typeof Decision>;

/** So many at once: a disc may hold thousands, and a transaction is short. Asked again while some are left. */
const MOST = 200;
const AT_ONCE = 8;

async function waiting(tx: Tx, decision: Decision): Promise<{ items: OutsideItem[]; isMore: boolean }> {
  const found = await findOutsideItems(tx, decision, MOST + 1);
  if (found.length === 0)
    throw new Conflict("ALREADY_DECIDED", "Nothing of this identity waits any more: it was decided already.");
  return { items: found.slice(0, MOST), isMore: found.length > MOST };
}

async function eachOf(
  items: readonly OutsideItem[],
  work: (item: OutsideItem) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

const takeBack = (ctx: Ctx, custodian: string, uploadId: string) => (item: OutsideItem) =>
  sendBack(ctx, inboxKey({ custodian, uploadId, itemId: item.inboxItemId, kind: "dicom", lane: "routine" }), {
    objectKey: item.objectKey,
    kind: "dicom",
  });

const subjectsOf = (
  { uploadId }: Decision,
  done: { custodian: string; items: readonly unknown[] } | undefined,
) => ({
  ...(done ? { custodian: done.custodian } : {}),
  detail: { uploadId, images: done?.items.length ?? 0 },
});

/**
 * The sender's word, with its reason, that one identity on their disc is the patient who was chosen. Its images are taken
 * in again; another identity on the same disc still waits.
 *
 * @throws {Conflict} `ALREADY_DECIDED`
 */
export const confirmOutside = defineAction({
  name: "ingest.confirm-outside",
  input: Decision,
  policy: mayDecideOutside,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, decision, { custodian, patientRecordId }) {
    const { items, isMore } = await waiting(tx, decision);
    await writeConfirmed(tx, { ...decision, custodian });
    await decideItems(
      tx,
      items.map(({ quarantineId }) => quarantineId),
      { state: "retried", reason: decision.reason },
    );
    for (const { inboxItemId } of items) await reopenItem(tx, inboxItemId);
    return { custodian, patientRecordId, items, isMore };
  },
  async after(ctx, { custodian, items, isMore }, { uploadId }) {
    await eachOf(items, takeBack(ctx, custodian, uploadId));
    return { images: items.length, isMore };
  },
  audit: { how: "each", verb: "changed", subjects: subjectsOf },
});

/** Discards what one identity on the sender's disc brought: it was never in the record. Rows and reason stay. */
export const discardOutside = defineAction({
  name: "ingest.discard-outside",
  input: Decision,
  policy: mayDecideOutside,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, decision, { custodian }) {
    const { items, isMore } = await waiting(tx, decision);
    await decideItems(
      tx,
      items.map(({ quarantineId }) => quarantineId),
      { state: "discarded", reason: decision.reason },
    );
    return { custodian, items, isMore };
  },
  async after(ctx, { items, isMore }) {
    await eachOf(items, ({ objectKey }) => ctx.service.ports.inbox.delete(objectKey));
    return { images: items.length, isMore };
  },
  audit: { how: "each", verb: "changed", subjects: subjectsOf },
});
