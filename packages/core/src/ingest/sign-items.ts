import { randomUUID } from "node:crypto";
import { z } from "zod";
import { defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import type { SignedPut } from "../ports/index.ts";
import { arrivalOf } from "./arrival.ts";
import { createItems, findUpload, type UploadRow } from "./inbox.store.ts";
import { type ArrivalKind, inboxKey } from "./inbox-key.ts";
import { isOwnUpload } from "./ingest.policy.ts";

const MOST_BYTES = 4 * 1024 ** 3;
const LIVES_SECONDS = 3600;
/** Its callers wait for an answer. */
const DIRECT_DOOR = "dicomweb";
const CONTENT_TYPE: Record<ArrivalKind, string> = { dicom: "application/dicom", hl7: "application/hl7-v2" };

export async function ownUpload(tx: Tx, uploadId: string): Promise<UploadRow> {
  const upload = await findUpload(tx, uploadId);
  if (!upload) throw new NotFound("UPLOAD_NOT_FOUND", "This upload is not known.");
  return upload;
}

export type SignedItem = {
  ref: string;
  itemId: string;
  put: SignedPut;
  /** Of a door that has its objects taken in at once: what the bucket would tell of it. */
  arrival?: string;
};

/**
 * A signed PUT for each file, of exactly its size. `ref` is the sender's own: file names stay with the sender, as they
 * may name a patient.
 *
 * @throws {Invalid} `OBJECT_TOO_LARGE` over 4 GB
 */
export const signItems = defineAction({
  name: "ingest.sign-items",
  input: z.object({
    uploadId: z.uuid(),
    files: z
      .array(
        z.object({
          ref: z.string().max(40),
          sizeBytes: z.number().int().min(0),
          kind: z.enum(["dicom", "hl7"]),
        }),
      )
      .min(1)
      .max(200),
  }),
  policy: isOwnUpload,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, { uploadId, files }, { custodian, door }) {
    const tooLarge = files.find(({ sizeBytes }) => sizeBytes > MOST_BYTES);
    if (tooLarge)
      throw new Invalid(
        "OBJECT_TOO_LARGE",
        "One file is larger than 4 GB. Send it through the trust's gateway.",
      );
    const isDirect = door === DIRECT_DOOR;
    const items = files.map(({ ref, sizeBytes, kind }) => {
      const id = randomUUID();
      return {
        ref,
        id,
        uploadId,
        custodian,
        kind,
        sizeBytes,
        inboxKey: inboxKey({ custodian, uploadId, itemId: id, kind, ...(isDirect ? { isDirect } : {}) }),
      };
    });
    await createItems(
      tx,
      items.map(({ ref: _ref, ...item }) => item),
    );
    return { items, custodian, isDirect };
  },
  async after(ctx, { items, isDirect }) {
    const until = new Date(ctx.service.now().getTime() + LIVES_SECONDS * 1000);
    const signed = items.map(async ({ ref, id, inboxKey, sizeBytes, kind }): Promise<SignedItem> => {
      const put = await ctx.service.ports.inbox.signPut(inboxKey, {
        until,
        sizeBytes,
        contentType: CONTENT_TYPE[kind],
      });
      return { ref, itemId: id, put, ...(isDirect ? { arrival: arrivalOf(inboxKey) } : {}) };
    });
    return { items: await Promise.all(signed) };
  },
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ files }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { files: files.length },
    }),
  },
});
