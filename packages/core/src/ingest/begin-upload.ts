import { randomUUID } from "node:crypto";
import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { createUpload } from "./inbox.store.ts";
import { maySendImages } from "./ingest.policy.ts";

/**
 * Begins a sending. The custodian is the trust for which the sender acts; an outside disc is imported to a patient who was
 * chosen first, and where the disc names another person the reason stands on record (clinical page §20).
 */
export const beginUpload = defineAction({
  name: "ingest.begin-upload",
  input: z.object({
    door: z.enum(["portal", "send"]),
    outside: z
      .object({
        patientRecordId: z.uuid(),
        sourceName: z.string().trim().min(2).max(100),
        confirmedReason: z.string().trim().min(5).max(500).optional(),
      })
      .optional(),
  }),
  policy: maySendImages,
  load: async (_tx, { outside }) => ({ isOutside: outside !== undefined }),
  async run(tx, { door, outside }) {
    const upload = { id: randomUUID(), custodian: organisationOf(tx.actor) ?? "", door };
    const stated = outside && { ...outside, confirmedReason: outside.confirmedReason };
    await createUpload(tx, { ...upload, outside: stated });
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
