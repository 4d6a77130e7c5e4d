import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { defineAction } from "../kernel/index.ts";
import { systemOnly } from "./message.policy.ts";
import { findMessageById } from "./message.store.ts";

/**
 * The bytes of a message that was put aside after it had been taken in: they lie where a retry looks for them. Kept as
 * received all the while; this is a copy. Safe to repeat, and nothing is copied for what was decided meanwhile.
 */
export const holdAside = defineAction({
  name: "message.hold-aside",
  input: z.object({ messageId: z.uuid() }),
  policy: systemOnly,
  load: async () => null,
  async run(tx, { messageId }) {
    const message = await findMessageById(tx, messageId);
    const [item] = message ? await Ingest.findItems(tx, [message.inboxItemId]) : [];
    const isOpen = item?.outcome === null || item?.outcome === "quarantined";
    return message && isOpen && message.state === "aside"
      ? { itemId: message.inboxItemId, objectKey: message.objectKey }
      : undefined;
  },
  async after(ctx, held) {
    if (held) await Ingest.holdForAPerson(ctx, held);
    return { held: held !== undefined };
  },
  audit: { how: "none" },
});
