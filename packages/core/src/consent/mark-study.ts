import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { findStudyRelease, markStudy } from "./release.store.ts";
import { mayShare } from "./staff.policy.ts";
import { sharedStudies } from "./staff-facts.ts";

/**
 * What staff say of a study's release: its patient was told what it shows; it is held by hand; it goes to no proxy. Each can be taken
 * back, and links follow at once.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 */
export const markRelease = defineAction({
  name: "consent.mark-release",
  input: z.object({
    studyId: z.uuid(),
    mark: z.enum(["told", "held", "notToProxies"]),
    stands: z.enum(["set", "taken-back"]).default("set"),
  }),
  policy: mayShare,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => sharedStudies(tx, [studyId]),
  async run(tx, { studyId, mark, stands }, { studies }) {
    const [facts] = studies;
    if (!facts) throw Study.noSuchStudy();
    const { custodian: organisation, patientId, patientRecordId } = facts.study;
    await markStudy(tx, { studyId, organisation, patientId, patientRecordId }, mark, stands);
    return { patientId, custodian: organisation, marks: await findStudyRelease(tx, studyId) };
  },
  after: async (_ctx, { marks }) => ({
    isTold: marks.toldAt !== undefined,
    isHeld: marks.heldAt !== undefined,
    isNotToProxies: marks.notToProxiesAt !== undefined,
  }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, mark, stands }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { mark, stands },
    }),
  },
});
