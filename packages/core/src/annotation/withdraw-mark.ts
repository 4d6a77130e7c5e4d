import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayChangeMarks } from "./mark.policy.ts";
import { lockMarks, setWithdrawn } from "./mark.store.ts";
import { noSuchMark } from "./marking-facts.ts";

/**
 * Takes a mark back, or brings it back as it was. Nothing is deleted (clinical page §23), so undo has something to undo.
 *
 * @throws {NotFound} `MARK_NOT_FOUND`
 */
export const withdrawMark = defineAction({
  name: "annotation.withdraw-mark",
  input: z.object({ studyId: z.uuid(), markId: z.uuid(), isBack: z.boolean().default(false) }),
  policy: mayChangeMarks,
  absent: noSuchMark,
  async load(tx, { studyId, markId }) {
    const facts = await Study.studyFacts(tx, studyId);
    const marks = await lockMarks(tx, studyId, [markId]);
    if (marks.length === 0) throw noSuchMark();
    return { ...facts, marks };
  },
  async run(tx, { markId, isBack }, { study }) {
    await setWithdrawn(tx, markId, isBack ? null : tx.now);
    return { patientId: study.patientId, custodian: study.custodian };
  },
  after: async (_ctx, _done, { isBack }) => ({ isBack }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, markId, isBack }, done) => ({ studyId, ...done, detail: { markId, isBack } }),
  },
});
