import { stat } from "node:fs/promises";
import type { Item, Outcome, Spool } from "../ledger/index.ts";
import { putObject } from "./put-object.ts";
import { isPassing, type RegionClient, RegionRefused, type Signed } from "./region-client.ts";
import type { Throttle } from "./throttle.ts";

export type Sent = { item: Item; error?: unknown };
export type Told = { item: Item; outcome: Outcome; code?: string | undefined };

export type SenderOptions = { spool: Spool; client: RegionClient; atOnce: number; line: Throttle };

const UPLOAD_LIVES_MS = 30 * 60_000;
const UPLOAD_HOLDS = 5000;

async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: Math.min(atOnce, queue.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}

export type Sender = ReturnType<typeof senderOf>;

/** Puts items into the region's inbox by its sending API, and asks what became of them. */
export function senderOf({ spool, client, atOnce, line }: SenderOptions) {
  let upload: { id: Promise<string>; at: number; holds: number } | undefined;

  async function uploadFor(count: number): Promise<string> {
    const isOver = upload && (Date.now() - upload.at > UPLOAD_LIVES_MS || upload.holds > UPLOAD_HOLDS);
    if (!upload || isOver)
      upload = { id: client.beginUpload().then(({ uploadId }) => uploadId), at: Date.now(), holds: 0 };
    upload.holds += count;
    try {
      return await upload.id;
    } catch (error) {
      upload = undefined;
      throw error;
    }
  }

  async function sign(items: readonly Item[]): Promise<{ uploadId: string; signed: Signed[] }> {
    const uploadId = await uploadFor(items.length);
    const files = items.map(({ sizeBytes, kind, urgency }, index) => {
      const ref = String(index);
      return { ref, sizeBytes, kind: kind === "hl7" ? ("hl7" as const) : ("dicom" as const), urgency };
    });
    try {
      return { uploadId, signed: await client.signItems(uploadId, files) };
    } catch (error) {
      // Whatever the region dislikes of this upload, the next try begins another.
      if (error instanceof RegionRefused) upload = undefined;
      throw error;
    }
  }

  /** What was acknowledged and is gone from the disk can't be sent: it is told, never passed over. */
  async function isThere(item: Item): Promise<boolean> {
    const found = await stat(spool.placeOf(item)).catch(() => undefined);
    return found?.size === item.sizeBytes;
  }

  async function put(item: Item, { signed, uploadId }: { signed: Signed; uploadId: string }): Promise<void> {
    if (!(await isThere(item)))
      throw new RegionRefused(0, "SPOOL_FILE_LOST", "The file is not in the spool.");
    const isUrgent = item.urgency === "urgent";
    await putObject({
      signed,
      sizeBytes: item.sizeBytes,
      body: spool.read(item),
      throttle: (bytes) => line(bytes, isUrgent),
    });
    await spool.markSent(item, { uploadId, itemId: signed.itemId });
  }

  return {
    /** One result an item; what was refused or did not go has its error. @throws when nothing could be asked for */
    async send(items: readonly Item[]): Promise<Sent[]> {
      const { uploadId, signed } = await sign(items);
      const results: Sent[] = [];
      await eachOf(signed, atOnce, async (one) => {
        const item = items[Number(one.ref)];
        if (!item) return;
        // The line is down: the rest of the batch is not tried on it.
        if (results.some(({ error }) => isPassing(error))) return;
        try {
          await put(item, { signed: one, uploadId });
          results.push({ item });
        } catch (error) {
          results.push({ item, error });
        }
      });
      return results;
    },

    async outcomes(uploadId: string, items: readonly Item[]): Promise<Told[]> {
      const byId = new Map(items.map((item) => [item.sent?.itemId ?? "", item]));
      try {
        const told = await client.readOutcomes(uploadId, [...byId.keys()]);
        return told.flatMap(({ itemId, outcome, code }) => {
          const item = byId.get(itemId);
          return item ? [{ item, outcome, code }] : [];
        });
      } catch (error) {
        if (!(error instanceof RegionRefused) || error.status !== 404) throw error;
        // The region was set back to before this upload: everything of it is sent again.
        for (const item of items) await spool.markWaiting(item);
        return [];
      }
    },
  };
}
