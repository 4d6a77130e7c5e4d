import { z } from "zod";
import { defineAction, Invalid } from "../kernel/index.ts";
import { rowsOfPatients } from "../timeline/index.ts";
import { STUDY_PARTS } from "./case.ts";
import { decideStudy as writeDecision } from "./case-parts.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { caseFacts } from "./meeting-facts.ts";

const MOST = 2000;

/**
 * Says of a study that it is current, a prior, or no part of this case.
 *
 * @throws {NotFound} `CASE_NOT_FOUND` @throws {Invalid} `NOT_THIS_PATIENT`
 */
export const decideStudy = defineAction({
  name: "mdt.decide-study",
  input: z.object({ caseId: z.uuid(), studyId: z.uuid(), part: z.enum(STUDY_PARTS) }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { studyId, part }, { found }) {
    const rows = (await rowsOfPatients(tx, [found.patientId], MOST)).get(found.patientId)?.rows ?? [];
    const row = rows.find((one) => one.studyId === studyId);
    if (!row) throw new Invalid("NOT_THIS_PATIENT", "That is no study of this patient that you may see.");
    await writeDecision(tx, found, { studyId, part });
    return { patientId: found.patientId, custodian: row.custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, studyId, part }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { caseId, part },
    }),
  },
});
