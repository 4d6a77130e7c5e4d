import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type Ctx, defineAction, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import { type SignedPut, URGENCIES, type Urgency } from "../ports/index.ts";
import { arrivalOf } from "./arrival.ts";
import { createItems, findUpload, type NewItem, type UploadRow } from "./inbox.store.ts";
import { type ArrivalKind, inboxKey, type Lane } from "./inbox-key.ts";
import { isOwnUpload } from "./ingest.policy.ts";

const MOST_BYTES = 4 * 1024 ** 3;
const LIVES_SECONDS = 3600;
/** Its callers wait for an answer. */
const DIRECT_DOOR = "dicomweb";
/** It brings what was made years ago. */
const HISTORY_DOOR = "import";
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

export const FilesToSign = z
  .array(
    z.object({
      ref: z.string().max(40),
      sizeBytes: z.number().int().min(0),
      kind: z.enum(["dicom", "hl7"]),
      /** Taken in before what is less urgent. History that is imported is never more than bulk. */
      urgency: z.enum(URGENCIES).default("routine"),
    }),
  )
  .min(1)
  .max(200);

type ItemToSign = NewItem & { ref: string; lane: Lane };

function laneOf(door: string, urgency: Urgency): Lane {
  if (door === DIRECT_DOOR) return "direct";
  return door === HISTORY_DOOR ? "bulk" : urgency;
}

/** @throws {Invalid} `OBJECT_TOO_LARGE` */
export function newItems(
  { uploadId, custodian, door }: { uploadId: string; custodian: string; door: string },
  files: z.output<typeof FilesToSign>,
): ItemToSign[] {
  if (files.some(({ sizeBytes }) => sizeBytes > MOST_BYTES))
    throw new Invalid(
      "OBJECT_TOO_LARGE",
      "One file is larger than 4 GB. Send it through the trust's gateway.",
    );
  return files.map(({ ref, sizeBytes, kind, urgency }) => {
    const id = randomUUID();
    const lane = laneOf(door, urgency);
    const key = inboxKey({ custodian, uploadId, itemId: id, kind, lane });
    return { ref, id, uploadId, custodian, kind, sizeBytes, inboxKey: key, lane };
  });
}

export function signPuts(ctx: Ctx, items: readonly ItemToSign[]): Promise<SignedItem[]> {
  const until = new Date(ctx.service.now().getTime() + LIVES_SECONDS * 1000);
  const sign = async ({ ref, id, inboxKey, sizeBytes, kind, lane }: ItemToSign): Promise<SignedItem> => {
    const contentType = CONTENT_TYPE[kind];
    const put = await ctx.service.ports.inbox.signPut(inboxKey, { until, sizeBytes, contentType });
    return { ref, itemId: id, put, ...(lane === "direct" ? { arrival: arrivalOf(inboxKey) } : {}) };
  };
  return Promise.all(items.map(sign));
}

/**
 * A signed PUT for each file, of exactly its size. `ref` is the sender's own: file names stay with the sender, as they
 * may name a patient.
 *
 * @throws {Invalid} `OBJECT_TOO_LARGE` over 4 GB
 */
export const signItems = defineAction({
  name: "ingest.sign-items",
  input: z.object({ uploadId: z.uuid(), files: FilesToSign }),
  policy: isOwnUpload,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, { uploadId, files }, { custodian, door }) {
    const items = newItems({ uploadId, custodian, door }, files);
    await createItems(tx, items);
    return { items, custodian };
  },
  after: async (ctx, { items }) => ({ items: await signPuts(ctx, items) }),
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ files }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { files: files.length },
    }),
  },
});
