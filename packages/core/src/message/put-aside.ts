import * as Ingest from "../ingest/index.ts";
import type { Tx } from "../kernel/index.ts";
import { findMessagesOf, setMessageState } from "./message.store.ts";
import { REFUSALS, type Refusal } from "./refusals.ts";

/**
 * What messages made of something that turned out to be somebody else's: each of them waits for a person, as if it had just
 * come. Repeating it changes nothing. Their bytes follow by a fact (`holdAside`) to where a retry looks for them.
 */
export async function putSubjectAside(
  tx: Tx,
  custodian: string,
  subject: string,
  { code, rule }: { code: Refusal; rule?: string },
): Promise<void> {
  for (const message of await findMessagesOf(tx, custodian, subject)) {
    if (message.state === "aside") continue;
    await Ingest.quarantine(tx, {
      itemId: message.inboxItemId,
      custodian,
      kind: "hl7",
      sizeBytes: message.sizeBytes,
      sha256: undefined,
      code,
      sentence: REFUSALS[code],
      identity: { ...message.identity, ...(rule ? { rule } : {}) },
    });
    await setMessageState(tx, message.id, "aside");
    await tx.enqueue("message.put-aside", { messageId: message.id });
  }
}
