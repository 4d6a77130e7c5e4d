import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { completenessOfStudy } from "./completeness.ts";
import { findSeriesOfStudy } from "./reading.store.ts";
import { studyFacts } from "./reading-access.ts";
import { writeConfirmation } from "./settling.store.ts";
import { mayConfirm } from "./study.policy.ts";

/**
 * A radiographer's check that a study is whole, for the number of images that they saw: one more makes it unconfirmed.
 *
 * @throws {Conflict} `STUDY_IS_ARRIVING`, `STUDY_IS_SHORT`, `COUNT_CHANGED`
 */
export const confirmComplete = defineAction({
  name: "study.confirm-complete",
  input: z.object({ studyId: z.uuid(), count: z.number().int().min(1) }),
  policy: mayConfirm,
  load: (tx, { studyId }) => studyFacts(tx, studyId),
  async run(tx, { studyId, count }, { study }) {
    const series = await findSeriesOfStudy(tx, studyId);
    if (series.some((one) => !one.isSettled))
      throw new Conflict("STUDY_IS_ARRIVING", "Images of this study are still arriving.");
    const { state, text } = completenessOfStudy(series, undefined);
    // A check can't make whole what the source or the row of images says is not: it would be taken in and change nothing.
    if (state === "short")
      throw new Conflict("STUDY_IS_SHORT", `The study is not whole: ${text}. Send what is missing first.`);
    const total = series.reduce((sum, one) => sum + one.instanceCount, 0);
    if (total !== count)
      throw new Conflict(
        "COUNT_CHANGED",
        `The study has ${total} images now. Look again before you confirm.`,
      );
    await writeConfirmation(tx, studyId, { by: tx.actor.id, source: "a radiographer's check", count });
    return { patientId: study.patientId, custodian: study.custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, count }, done) => ({ studyId, ...done, detail: { count } }),
  },
});
