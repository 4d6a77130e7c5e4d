import { z } from "zod";
import { Conflict, type Ctx, defineAction, NotFound, type Tx } from "../kernel/index.ts";
import { ObjectExists } from "../ports/index.ts";
import { arrivalOf } from "./arrival.ts";
import { findItems, reopenItem } from "./inbox.store.ts";
import { inboxKey, quarantineKey } from "./inbox-key.ts";
import { mayDecideQuarantine } from "./ingest.policy.ts";
import { decide, findQuarantined, type QuarantineRow, type QuarantineState } from "./quarantine.store.ts";

const Decision = z.object({ quarantineId: z.uuid(), reason: z.string().trim().min(3).max(500) });

async function quarantined(tx: Tx, quarantineId: string): Promise<QuarantineRow> {
  const item = await findQuarantined(tx, quarantineId);
  if (!item) throw new NotFound("QUARANTINE_NOT_FOUND", "This item is not in quarantine.");
  return item;
}

export async function decideOnce(
  tx: Tx,
  item: QuarantineRow,
  state: Exclude<QuarantineState, "waiting">,
  reason: string,
): Promise<void> {
  if (!(await decide(tx, item.id, state, reason)))
    throw new Conflict("ALREADY_DECIDED", "Somebody has decided this item already.");
}

/** Back into the inbox under its own key, as if it had just arrived. Nothing is lost if we die between the steps. */
export async function sendBack(
  ctx: Ctx,
  key: string,
  item: Pick<QuarantineRow, "objectKey" | "kind">,
): Promise<void> {
  const { inbox, arrivals } = ctx.service.ports;
  const contentType = item.kind === "dicom" ? "application/dicom" : "application/hl7-v2";
  try {
    await inbox.copyFrom(inbox, item.objectKey, key, { contentType, ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
  await inbox.delete(item.objectKey);
  await arrivals.routine.send([{ body: arrivalOf(key) }]);
}

/** An item that waits goes back to where it came from. Its object follows after the commit: see `sendBack`. */
export async function reopen(
  tx: Tx,
  item: QuarantineRow,
  reason: string,
): Promise<{ item: QuarantineRow; key: string }> {
  await decideOnce(tx, item, "retried", reason);
  const [row] = await findItems(tx, [item.inboxItemId]);
  if (!row) throw new NotFound("QUARANTINE_NOT_FOUND", "This item is not in quarantine.");
  await reopenItem(tx, item.inboxItemId);
  const { custodian, inboxItemId: itemId, kind } = item;
  return { item, key: inboxKey({ custodian, uploadId: row.uploadId, itemId, kind, lane: "routine" }) };
}

/** What was taken in and is put aside after all lies where a person's retry looks for it. Safe to repeat. */
export async function holdForAPerson(ctx: Ctx, held: { itemId: string; objectKey: string }): Promise<void> {
  const { inbox, archive } = ctx.service.ports;
  try {
    await inbox.copyFrom(archive, held.objectKey, quarantineKey(held.itemId), {
      contentType: "application/hl7-v2",
      ifAbsent: true,
    });
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
  }
}

/**
 * Tries a quarantined object again, after what stood in its way was put right.
 *
 * @throws {Conflict} `ALREADY_DECIDED`
 */
export const retryQuarantined = defineAction({
  name: "ingest.retry-quarantined",
  input: Decision,
  policy: mayDecideQuarantine,
  load: (tx, { quarantineId }) => quarantined(tx, quarantineId),
  async run(tx, { reason }, item) {
    return reopen(tx, item, reason);
  },
  async after(ctx, { item, key }) {
    await sendBack(ctx, key, item);
    return { quarantineId: item.id };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ quarantineId }, done) => ({
      ...(done ? { custodian: done.item.custodian } : {}),
      detail: { quarantineId },
    }),
  },
});

/** Discards a quarantined object: it was never part of the archive. The row, its reason and who decided stay. */
export const discardQuarantined = defineAction({
  name: "ingest.discard-quarantined",
  input: Decision,
  policy: mayDecideQuarantine,
  load: (tx, { quarantineId }) => quarantined(tx, quarantineId),
  async run(tx, { reason }, item) {
    await decideOnce(tx, item, "discarded", reason);
    return item;
  },
  async after(ctx, item) {
    await ctx.service.ports.inbox.delete(item.objectKey);
    return { quarantineId: item.id };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ quarantineId }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { quarantineId },
    }),
  },
});
