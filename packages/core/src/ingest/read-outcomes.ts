import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { beganBefore, findItems } from "./inbox.store.ts";
import { isOwnUpload } from "./ingest.policy.ts";
import { outcomesSince } from "./let-go-of-outcomes.ts";
import { ownUpload } from "./sign-items.ts";

const LET_GO =
  "How this came out was known for three months. Ask what the archive holds of the study, or send it again: what is here already is known as such.";

/**
 * How each of these files came out; one that still waits is not in the answer. Its sender asks until all are there.
 *
 * @throws {NotFound} `OUTCOMES_LET_GO` where one came out so long ago that nobody knows how: what its sender still has it sends again
 */
export const readOutcomes = defineAction({
  name: "ingest.read-outcomes",
  input: z.object({ uploadId: z.uuid(), itemIds: z.array(z.uuid()).min(1).max(500) }),
  policy: isOwnUpload,
  load: (tx, { uploadId }) => ownUpload(tx, uploadId),
  async run(tx, { uploadId, itemIds }) {
    const items = await findItems(tx, itemIds);
    const isShort = items.length < new Set(itemIds).size;
    if (isShort && (await beganBefore(tx, uploadId, outcomesSince(tx.now))))
      throw new NotFound("OUTCOMES_LET_GO", LET_GO);
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
