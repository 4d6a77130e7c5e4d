import { z } from "zod";
import { defineAction, NotFound, organisationOf } from "../kernel/index.ts";
import { findRecord } from "../patient/index.ts";
import { mayStateOwnRecord } from "./record.policy.ts";
import { endOwnRecord, writeOwnRecord } from "./record.store.ts";

/**
 * Which patient somebody on the staff is: their own record, wherever it lies, is closed to them as staff.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 */
export const stateOwnRecord = defineAction({
  name: "access.state-own-record",
  input: z.object({
    personId: z.string().trim().min(1).max(64),
    localNumber: z.string().trim().min(1).max(64),
    isTheirs: z.boolean(),
  }),
  policy: mayStateOwnRecord,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { personId, localNumber, isTheirs }, { custodian }) {
    const record = await findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    const { id: patientRecordId, patientId } = record;
    if (isTheirs) await writeOwnRecord(tx, { personId, patientRecordId, patientId });
    else await endOwnRecord(tx, personId, patientRecordId);
    return { patientId, custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ personId, isTheirs }, done) => ({ ...(done ?? {}), detail: { personId, isTheirs } }),
  },
});
