import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { mayManageRecord } from "./patient.policy.ts";
import { findRecordsByIds, writeNeverLinked } from "./patient.store.ts";

/** Two records that no search, merge or message may relate (a new identity in law). Of one's own trust, or the system. */
export const neverLink = defineAction({
  name: "patient.never-link",
  input: z.object({ recordA: z.uuid(), recordB: z.uuid() }),
  policy: mayManageRecord,
  async load(tx, { recordA, recordB }) {
    const records = await findRecordsByIds(tx, [recordA, recordB]);
    const first = records.find((record) => record.id === recordA);
    if (!first || records.length !== 2) throw new NotFound("PATIENT_NOT_FOUND", "No such pair of records.");
    return { custodian: first.custodian };
  },
  async run(tx, { recordA, recordB }) {
    await writeNeverLinked(tx, recordA, recordB);
    return { recordA, recordB };
  },
  audit: { how: "each", verb: "changed", subjects: () => ({}) },
});
