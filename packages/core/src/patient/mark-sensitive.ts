import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { endMarks, marksOfRecord, writeMark } from "./mark.store.ts";
import { mayRestrict } from "./patient.policy.ts";
import { findRecord, setSensitivities } from "./patient.store.ts";
import { SENSITIVITIES } from "./sensitivity.ts";

const AT_ONCE = "set by a trust's own system";

/** Sets all at once what a trust's record of a patient is marked as, as its own system has it. A person marks one by one. */
export const markSensitive = defineAction({
  name: "patient.mark-sensitive",
  input: z.object({
    custodian: z.string().max(6),
    localNumber: z.string().max(64),
    sensitivities: z.array(z.enum(SENSITIVITIES)),
  }),
  policy: mayRestrict,
  load: async (_tx, { custodian }) => ({ custodian }),
  async run(tx, { custodian, localNumber, sensitivities }) {
    const record = await findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    await setSensitivities(tx, record.id, sensitivities);
    const marks = await marksOfRecord(tx, record.id);
    const over = marks.filter((mark) => !sensitivities.some((one) => one === mark.class));
    await endMarks(
      tx,
      over.map(({ id }) => id),
      AT_ONCE,
    );
    for (const one of sensitivities.filter((kind) => !marks.some((mark) => mark.class === kind)))
      await writeMark(tx, {
        ...{ patientRecordId: record.id, custodian, class: one, reason: AT_ONCE, reviewBy: null },
      });
    return { patientId: record.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ custodian }, done) => ({ custodian, ...(done ? { patientId: done.patientId } : {}) }),
  },
});
