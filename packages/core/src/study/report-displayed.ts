import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { noSuchStudy, studyFacts } from "./reading-access.ts";
import { mayReadStudy } from "./study.policy.ts";

/** The viewer's word that images stood on a screen; what was only fetched is not a look. */
export const reportDisplayed = defineAction({
  name: "study.report-displayed",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid(), seriesId: z.uuid(), frames: z.number().int().min(1).max(100_000) }),
  policy: mayReadStudy,
  absent: noSuchStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  run: async (_tx, _input, { study }) => ({ patientId: study.patientId, custodian: study.custodian }),
  after: async () => ({ noted: true as const }),
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ studyId, seriesId, frames }, done) => ({ studyId, ...done, detail: { seriesId, frames } }),
  },
});
