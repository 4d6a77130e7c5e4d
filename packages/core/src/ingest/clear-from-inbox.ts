import type { Ctx } from "../kernel/index.ts";
import { ObjectExists, ObjectNotFound } from "../ports/index.ts";
import type { Outcome } from "./inbox.store.ts";
import { type InboxPlace, inboxKey, quarantineKey } from "./inbox-key.ts";

/** After the commit: what is settled leaves the inbox; what is quarantined moves to where it waits. Safe to repeat. */
export async function clearFromInbox(ctx: Ctx, place: InboxPlace, outcome: Outcome): Promise<void> {
  const { inbox } = ctx.service.ports;
  const key = inboxKey(place);
  if (outcome === "quarantined") await keepForAPerson(ctx, key, place);
  await inbox.delete(key);
  ctx.service.crashPoint("after-inbox-delete");
}

async function keepForAPerson(ctx: Ctx, key: string, { itemId, kind }: InboxPlace): Promise<void> {
  const { inbox } = ctx.service.ports;
  const contentType = kind === "dicom" ? "application/dicom" : "application/hl7-v2";
  try {
    await inbox.copyFrom(inbox, key, quarantineKey(itemId), { contentType, ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ObjectExists) && !(error instanceof ObjectNotFound)) throw error;
  }
}
