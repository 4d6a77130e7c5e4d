import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { reportSubject, shownReport } from "./report-of.ts";
import { mayReadReport } from "./reporting.policy.ts";

/** A study's report, the latest version first, and what was asked. */
export const read = defineAction({
  name: "reporting.read",
  display: "of-its-list",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadReport,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId, "reports"),
  run: (tx, _input, facts) => shownReport(tx, facts),
  after: async (_ctx, { report }) => report,
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ studyId }, done) => reportSubject(studyId, done),
  },
});
