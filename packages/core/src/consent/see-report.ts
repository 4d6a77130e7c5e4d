import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { maySee } from "./mine.policy.ts";
import { granted, nothingHere, ofStudy, shownFacts } from "./mine-facts.ts";
import { findReportOf, readable } from "./release-facts.ts";

/** A study's report in full, the newest version first, where the link is with it: none but final ones. */
export const seeReport = defineAction({
  name: "consent.see-report",
  admits: "patients",
  input: z.object({ studyId: z.uuid() }),
  policy: maySee,
  absent: nothingHere,
  async load(tx, { studyId }) {
    const shown = await shownFacts(tx, studyId);
    return shown.link.hasReport ? shown : { ...shown, release: undefined };
  },
  async run(tx, _input, shown) {
    const { study } = granted(shown);
    const versions = readable((await findReportOf(tx, study)).versions);
    return { versions, subject: ofStudy(shown.link.id, study) };
  },
  after: async (_ctx, { versions }) => ({
    versions: versions.map(({ status, text, author, reportedAt }) => ({
      ...{ status, text, author },
      reportedAt: reportedAt.toISOString(),
    })),
  }),
  audit: {
    how: "coalesced",
    verb: "displayed",
    subjects: (_input, done) => done?.subject ?? {},
  },
});
