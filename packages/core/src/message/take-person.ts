import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import { noteDeath, type RecordRow, type Word } from "../patient/index.ts";
import { careOfVisit } from "./care.ts";
import type { Message } from "./read-message.ts";
import { subjectOf, type Taken } from "./refusals.ts";
import { type VisitNow, writeVisit } from "./visit.store.ts";

async function relateStay(
  tx: Tx,
  custodian: string,
  visitNumber: string,
  patientId: string,
  now: VisitNow,
): Promise<void> {
  const { kind, clinicians, ...times } = careOfVisit(now);
  const of = { patientId, patientRecordId: now.patientRecordId };
  // What was taken for an attendance may turn out to be a stay.
  for (const one of ["admission", "clinic"] as const)
    await Access.relateExactly(
      tx,
      { organisation: custodian, kind: one, source: subjectOf.visit(visitNumber) },
      one === kind ? clinicians.map((personId) => ({ ...of, ...times, personId })) : [],
    );
}

/** What an admission system says of a person was heard already; here its stay, and who cares for them in it. */
export async function takePerson(
  tx: Tx,
  record: RecordRow,
  message: Message & { kind: "person" },
  word: Word,
): Promise<Taken> {
  const { custodian, patientId } = record;
  if (message.diedAt !== undefined) await noteDeath(tx, record.id, message.diedAt);
  if (!message.visit) return { outcome: "accepted", patientId, subjects: [] };
  const { visitNumber, fields } = message.visit;
  const subjects = [subjectOf.visit(visitNumber)];
  const written = await writeVisit(tx, {
    custodian,
    visitNumber,
    patientRecordId: record.id,
    patientId,
    fields,
    word,
  });
  if (written.outcome === "other-patient") return { refused: "VISIT_PATIENT_MISMATCH", subjects };
  await relateStay(tx, custodian, visitNumber, patientId, written.now);
  return { outcome: "accepted", patientId, subjects };
}
