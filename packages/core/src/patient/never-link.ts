import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { partMerged } from "./hear-merge.ts";
import { relinkRecords } from "./hear-statement.ts";
import { mayManageRecord } from "./patient.policy.ts";
import { findRecordsByIds, separateRecord, writeNeverLinked } from "./patient.store.ts";

/**
 * Two records that no search, merge or message may relate (a new identity in law). Two that were joined come apart: the
 * second gets a patient of its own, and what hangs on it follows. Of one's own trust, or the system.
 */
export const neverLink = defineAction({
  name: "patient.never-link",
  input: z.object({ recordA: z.uuid(), recordB: z.uuid() }),
  policy: mayManageRecord,
  async load(tx, { recordA, recordB }) {
    const records = await findRecordsByIds(tx, [recordA, recordB]);
    const first = records.find((record) => record.id === recordA);
    if (!first || records.length !== 2 || recordA === recordB)
      throw new NotFound("PATIENT_NOT_FOUND", "No such pair of records.");
    return { custodian: first.custodian, records };
  },
  async run(tx, { recordA, recordB }, { records }) {
    await writeNeverLinked(tx, recordA, recordB);
    const [a, b] = [recordA, recordB].map((id) => records.find((record) => record.id === id));
    if (a && b) await partMerged(tx, a, b);
    if (a && b && a.patientId === b.patientId) await separateRecord(tx, b.id, "not to be linked");
    await relinkRecords(tx, [recordA, recordB]);
    return { recordA, recordB };
  },
  audit: {
    how: "each",
    verb: "changed",
    // A row for each, so that none of the two names the other.
    subjects: ({ recordA, recordB }) => [recordA, recordB].map((recordId) => ({ detail: { recordId } })),
  },
});
