import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { impressionOf } from "./impression.ts";
import { reportSubject, shownReport } from "./report-of.ts";
import { mayReadReport } from "./reporting.policy.ts";

/**
 * What a study's latest report comes to, for who points at its row (clinical page §24): the report's own words, as on the timeline.
 * Shown is shown: it is on record as the report itself would be.
 *
 * @returns null where no report stands
 */
export const glance = defineAction({
  name: "reporting.glance",
  input: z.object({ studyId: z.uuid() }),
  policy: mayReadReport,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId, "reports"),
  run: (tx, _input, facts) => shownReport(tx, facts),
  async after(_ctx, { report: { state, versions } }) {
    const [newest] = versions;
    if (!newest) return null;
    const { author, reportedAt, text } = newest;
    return { state, author, reportedAt, impression: impressionOf(text) };
  },
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: ({ studyId }, done) => reportSubject(studyId, done, "impression"),
  },
});
