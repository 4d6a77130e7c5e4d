import { createHash } from "node:crypto";
import type { Tx } from "../kernel/index.ts";
import { hearStatement } from "./hear-statement.ts";
import { survivorOf } from "./join-records.ts";
import type { RecordRow } from "./patient.store.ts";
import type { StatedIdentity } from "./patient.ts";
import { type Says, saysOf } from "./statement.ts";

/** `named`: the record whose number was said, where a person merged that into the other. */
export type Resolved = { record: RecordRow; named?: RecordRow } | { reused: true };

/** Says alike what says the same: a thousand images of one patient are one statement. */
const sourceOf = (says: Says): string =>
  `images ${createHash("sha256").update(JSON.stringify(says)).digest("hex").slice(0, 32)}`;

/**
 * The record of whom an object speaks, made or found, and joined across trusts where the rules allow it.
 * What hangs on the record (studies, requests, reports, relationships) follows it to the patient, by triggers of the database.
 * `reused`: this local number is somebody else's in this trust; nothing was written.
 */
export async function resolveRecord(tx: Tx, custodian: string, stated: StatedIdentity): Promise<Resolved> {
  const says = saysOf(stated);
  const heard = await hearStatement(tx, custodian, stated.localNumber, {
    source: sourceOf(says),
    // An image has no word on when it was said: it was said when it came.
    saidAt: tx.now,
    isUpdate: false,
    says,
  });
  if ("reused" in heard) return heard;
  const survivor = await survivorOf(tx, heard.record);
  return survivor.id === heard.record.id ? heard : { record: survivor, named: heard.record };
}
