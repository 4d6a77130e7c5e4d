import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayMark } from "./mark.policy.ts";

/** How what this reader made of a study came out; what still waits is not in the answer. */
export const readExport = defineAction({
  name: "annotation.read-export",
  input: z.object({ studyId: z.uuid(), uploadId: z.uuid(), itemIds: z.array(z.uuid()).min(1).max(4) }),
  policy: mayMark,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { studyId, uploadId, itemIds }) {
    const upload = await Ingest.findUpload(tx, uploadId);
    if (upload?.senderId !== tx.actor.id || upload.forStudyId !== studyId) return [];
    const items = await Ingest.findItems(tx, itemIds);
    return items.flatMap(({ id, uploadId: of, outcome, message }) =>
      of === uploadId && outcome ? [{ itemId: id, outcome, message: message ?? undefined }] : [],
    );
  },
  audit: { how: "none" },
});
