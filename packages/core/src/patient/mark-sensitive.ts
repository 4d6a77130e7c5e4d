import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { mayManageRecord } from "./patient.policy.ts";
import { findRecord, setSensitivities } from "./patient.store.ts";
import { SENSITIVITIES } from "./sensitivity.ts";

/** Marks what a trust's record of a patient is: from then on it opens only as the access policy says. */
export const markSensitive = defineAction({
  name: "patient.mark-sensitive",
  input: z.object({
    custodian: z.string().max(6),
    localNumber: z.string().max(64),
    sensitivities: z.array(z.enum(SENSITIVITIES)),
  }),
  policy: mayManageRecord,
  load: async (_tx, { custodian }) => ({ custodian }),
  async run(tx, { custodian, localNumber, sensitivities }) {
    const record = await findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    await setSensitivities(tx, record.id, sensitivities);
    return { patientId: record.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ custodian }, done) => ({ custodian, ...(done ? { patientId: done.patientId } : {}) }),
  },
});
