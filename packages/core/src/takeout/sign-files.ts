import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayTakePicture } from "./takeout.policy.ts";

/**
 * A page of the files that `takeout.take-study` put on the record, as they are served: each a URL of what is stored, and in
 * front of it what a correction changed. A URL lives for half a minute; the same page asked again has new ones.
 *
 * @throws {Conflict} `STUDY_CORRECTED`, `SERIES_CHANGED`: what was taken so far is not of one state
 */
export const signFiles = defineAction({
  name: "takeout.sign-files",
  input: z.object({
    studyId: z.uuid(),
    seriesInstanceUid: z.string().max(64).optional(),
    after: z.uuid().optional(),
    servedVersion: z.number().int().optional(),
  }),
  policy: mayTakePicture,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, { studyId: _of, ...asked }, facts) {
    const { patientId, custodian } = facts.study;
    return { ...(await Study.findFiles(tx, facts, asked)), patientId, custodian };
  },
  after: async (ctx, { files, next }) => ({ files: await Study.signFiles(ctx, files), next }),
  audit: {
    how: "coalesced",
    verb: "fetched-ahead",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
    }),
  },
});
