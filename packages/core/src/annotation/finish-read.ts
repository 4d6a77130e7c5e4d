import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayFinishRead } from "./mark.policy.ts";
import { noteReadIn } from "./mark.store.ts";
import { isScreeningStudy } from "./marking-facts.ts";

/**
 * "My read is in": from now on this reader has what other readers of a screening study published. It says nothing of what
 * they found, and can't be taken back. Weald records no recall decision: NBSS does.
 *
 * @throws {Conflict} `NOT_SCREENING`
 */
export const finishRead = defineAction({
  name: "annotation.finish-read",
  input: z.object({ studyId: z.uuid() }),
  policy: mayFinishRead,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, _input, facts) {
    const { id: studyId, custodian, patientId } = facts.study;
    if (!(await isScreeningStudy(tx, facts)))
      throw new Conflict(
        "NOT_SCREENING",
        "This is no screening study: what is published reaches you already.",
      );
    await noteReadIn(tx, { studyId, custodian });
    return { patientId, custodian };
  },
  after: async () => ({ isIn: true as const }),
  audit: { how: "each", verb: "changed", subjects: ({ studyId }, done) => ({ studyId, ...done }) },
});
