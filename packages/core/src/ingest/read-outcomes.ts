import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findItems } from "./inbox.store.ts";
import { isOwnUpload } from "./ingest.policy.ts";
import { ownUpload } from "./sign-items.ts";

/** How each of these files came out; one that still waits is not in the answer. Its sender asks until all are there. */
export const readOutcomes = defineAction({
  name: "ingest.read-outcomes",
  input: z.object({ uploadId: z.uuid(), itemIds: z.array(z.uuid()).min(1).max(500) }),
  policy: isOwnUpload,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, { uploadId, itemIds }) {
    const items = await findItems(tx, itemIds);
    return items.flatMap(({ id, uploadId: of, outcome, code, message, studyId }) =>
      of === uploadId && outcome
        ? [
            {
              itemId: id,
              outcome,
              code: code ?? undefined,
              message: message ?? undefined,
              studyId: studyId ?? undefined,
            },
          ]
        : [],
    );
  },
  audit: { how: "none" },
});
