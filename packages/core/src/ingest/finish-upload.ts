import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { settleSeriesOf } from "../study/index.ts";
import { findItemsOfUpload, markUploadFinished } from "./inbox.store.ts";
import { isOwnUpload } from "./ingest.policy.ts";
import { ownUpload } from "./sign-items.ts";

/** The sender's word that nothing more comes: series that it brought settle now, and are judged for what is missing. */
export const finishUpload = defineAction({
  name: "ingest.finish-upload",
  input: z.object({ uploadId: z.uuid() }),
  policy: isOwnUpload,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, { uploadId }, { custodian }) {
    const items = await findItemsOfUpload(tx, uploadId);
    await markUploadFinished(tx, uploadId);
    await settleSeriesOf(
      tx,
      items.flatMap(({ instanceId }) => (instanceId ? [instanceId] : [])),
    );
    return { custodian, items: items.length, waiting: items.filter(({ outcome }) => !outcome).length };
  },
  audit: {
    how: "each",
    verb: "received",
    subjects: (_input, done) =>
      done ? { custodian: done.custodian, detail: { items: done.items, waiting: done.waiting } } : {},
  },
});
