import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { describedStudy } from "./open-study.ts";
import { noSuchStudy, studyFacts } from "./reading-access.ts";
import { mayDescribe } from "./study.policy.ts";

/**
 * Who a study is of and what it says, for the archive's manager of its trust: also of a restricted one, of which they open no
 * image.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`
 */
export const describe = defineAction({
  name: "study.describe",
  input: z.object({ studyId: z.uuid() }),
  policy: mayDescribe,
  absent: noSuchStudy,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  run: (tx, _input, facts) => describedStudy(tx, facts),
  audit: {
    how: "each",
    verb: "told",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patient.patientId, custodian: done.custodian } : {}),
    }),
  },
});
