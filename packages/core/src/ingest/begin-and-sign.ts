import { randomUUID } from "node:crypto";
import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { createItems, createUpload } from "./inbox.store.ts";
import { maySendImages } from "./ingest.policy.ts";
import { FilesToSign, newItems, signPuts } from "./sign-items.ts";

/**
 * Begins a sending and signs its first files at once: what a door asks whose sender waits with all of them in hand.
 *
 * @throws {Invalid} `OBJECT_TOO_LARGE` over 4 GB
 */
export const beginAndSign = defineAction({
  name: "ingest.begin-and-sign",
  input: z.object({ door: z.literal("dicomweb"), files: FilesToSign }),
  policy: maySendImages,
  load: async () => ({ isOutside: false }),
  async run(tx, { door, files }) {
    const upload = { id: randomUUID(), custodian: organisationOf(tx.actor) ?? "", door };
    const items = newItems({ ...upload, uploadId: upload.id }, files);
    await createUpload(tx, { ...upload, outside: undefined });
    await createItems(tx, items);
    return { uploadId: upload.id, custodian: upload.custodian, items };
  },
  async after(ctx, { uploadId, items }) {
    return { uploadId, items: await signPuts(ctx, items) };
  },
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ files }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { isOutside: false, files: files.length },
    }),
  },
});
