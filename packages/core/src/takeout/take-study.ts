import { z } from "zod";
import { defineAction, NotFound } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayTakePicture } from "./takeout.policy.ts";

/**
 * A study, or one of its series, leaves as files. On the record as taken out, with how many, before the first is given.
 *
 * @throws {NotFound} `NOTHING_SERVED`
 */
export const takeStudy = defineAction({
  name: "takeout.take-study",
  input: z.object({ studyId: z.uuid(), seriesInstanceUid: z.string().max(64).optional() }),
  policy: mayTakePicture,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, asked, facts) {
    const { count, storedBytes } = await Study.countFiles(tx, facts, asked);
    if (count === 0) throw new NotFound("NOTHING_SERVED", "There is nothing in it that can be taken out.");
    const { patientId, custodian, servedVersion } = facts.study;
    return { patientId, custodian, servedVersion, count, storedBytes };
  },
  after: async (_ctx, { servedVersion, count, storedBytes }) => ({ servedVersion, count, storedBytes }),
  audit: {
    how: "each",
    verb: "taken-out",
    subjects: ({ studyId, seriesInstanceUid }, done) => ({
      studyId,
      ...(done
        ? {
            patientId: done.patientId,
            custodian: done.custodian,
            detail: {
              level: seriesInstanceUid ? "series" : "study",
              objects: done.count,
              bytes: done.storedBytes,
            },
          }
        : {}),
    }),
  },
});
