import { randomUUID } from "node:crypto";
import { z } from "zod";
import { defineAction, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { createUpload } from "./inbox.store.ts";
import { maySendImages } from "./ingest.policy.ts";

/** The chosen person's record in the custodian's own trust where they have one: look-up may have shown another trust's. */
async function ownRecordOf(tx: Tx, custodian: string, patientRecordId: string): Promise<string> {
  const [chosen] = await Patient.findRecordsByIds(tx, [patientRecordId]);
  if (!chosen) throw new NotFound("PATIENT_NOT_FOUND", "There is no such patient.");
  const records = await Patient.findRecordsOfPatient(tx, chosen.patientId);
  return records.find((record) => record.custodian === custodian)?.id ?? chosen.id;
}

/**
 * Begins a sending. The custodian is the trust for which the sender acts; an outside disc is imported to a patient who was
 * chosen first. Where the disc names another person its images wait until the sender has seen both (clinical page §20).
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 */
export const beginUpload = defineAction({
  name: "ingest.begin-upload",
  input: z.object({
    door: z.enum(["portal", "send", "dicomweb", "import"]),
    outside: z
      .object({
        patientRecordId: z.uuid(),
        sourceName: z.string().trim().min(2).max(100),
      })
      .optional(),
  }),
  policy: maySendImages,
  load: async (_tx, { outside }) => ({ isOutside: outside !== undefined }),
  async run(tx, { door, outside }) {
    const upload = { id: randomUUID(), custodian: organisationOf(tx.actor) ?? "", door };
    const chosen = outside && {
      sourceName: outside.sourceName,
      patientRecordId: await ownRecordOf(tx, upload.custodian, outside.patientRecordId),
    };
    await createUpload(tx, { ...upload, outside: chosen });
    return { uploadId: upload.id, custodian: upload.custodian };
  },
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ outside }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { isOutside: outside !== undefined },
    }),
  },
});
