import type { Tx } from "../kernel/index.ts";
import { hearMerge, type RecordRow } from "../patient/index.ts";
import type { Message } from "./read-message.ts";
import { subjectOf, type Taken } from "./refusals.ts";
import { sourceOf } from "./source-of.ts";

/** Two local numbers are one person from now on, unless what is known of them speaks against it (clinical page §3). */
export async function takeMerge(
  tx: Tx,
  record: RecordRow,
  message: Message & { kind: "merge" },
): Promise<Taken> {
  const source = sourceOf(message);
  const subjects = [subjectOf.merge(source)];
  const { contradiction } = await hearMerge(tx, record.custodian, {
    oldNumber: message.oldNumber,
    survivingNumber: record.localNumber,
    source,
    saidAt: message.messageAt,
  });
  if (contradiction) return { refused: "MERGE_DISAGREES", rule: contradiction, subjects };
  return { outcome: "accepted", patientId: record.patientId, subjects };
}
