import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import { undoMerge } from "./hear-merge.ts";
import { findMergesBySource } from "./merge.store.ts";
import { mayManageRecord } from "./patient.policy.ts";

/**
 * Takes back what a message merged (ADT A40): each number is its own person's again, with all that came under it. By the
 * trust's PACS manager, or the system.
 *
 * @throws {NotFound} `MERGE_NOT_FOUND`
 */
export const undoMessageMerge = defineAction({
  name: "patient.undo-message-merge",
  input: z.object({
    custodian: z.string().max(6),
    source: z.string().min(1).max(500),
    reason: z.string().trim().min(3).max(500),
  }),
  policy: mayManageRecord,
  async load(tx, { custodian, source }) {
    const merges = await findMergesBySource(tx, custodian, source);
    if (merges.length === 0) throw new NotFound("MERGE_NOT_FOUND", "No message merged these.");
    return { custodian };
  },
  run: (tx, { custodian, source, reason }) => undoMerge(tx, custodian, source, reason),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ custodian }) => ({ custodian, detail: { merge: "undone" } }),
  },
});
