import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayChangeMarks } from "./mark.policy.ts";
import { lockMarks, publishMarks as publish } from "./mark.store.ts";
import { noSuchMark } from "./marking-facts.ts";

/**
 * From now on every reader of the study has these marks, with their author, role and trust.
 *
 * @throws {NotFound} `MARK_NOT_FOUND`
 * @throws {Conflict} `MARK_WITHDRAWN`
 */
export const publishMarks = defineAction({
  name: "annotation.publish-marks",
  input: z.object({ studyId: z.uuid(), markIds: z.array(z.uuid()).min(1).max(500) }),
  policy: mayChangeMarks,
  absent: noSuchMark,
  async load(tx, { studyId, markIds }) {
    const facts = await Study.studyFacts(tx, studyId);
    const marks = await lockMarks(tx, studyId, markIds);
    if (marks.length < new Set(markIds).size) throw noSuchMark();
    return { ...facts, marks };
  },
  async run(tx, { markIds }, { study, marks }) {
    if (marks.some(({ state }) => state === "withdrawn"))
      throw new Conflict("MARK_WITHDRAWN", "One of these was withdrawn. Bring it back first.");
    await publish(tx, markIds);
    return { patientId: study.patientId, custodian: study.custodian };
  },
  after: async () => ({ published: true as const }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, markIds }, done) => ({ studyId, ...done, detail: { published: markIds.length } }),
  },
});
