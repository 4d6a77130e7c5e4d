import { z } from "zod";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { applyPerformedCounts, findSeriesNamed, STEP_STATES, writeStep } from "./performed-step.store.ts";
import { mayRecordStep } from "./study.policy.ts";
import { touchStudies } from "./study.store.ts";

const Uid = z.string().regex(/^[0-9][0-9.]{0,63}$/);

/**
 * A modality's word on what it is doing or did (MPPS). What it says that it made is what its series are measured by:
 * complete, by MPPS, or short by so many. Said twice it says the same; once ended, a step stays as it is.
 */
export const recordStep = defineAction({
  name: "study.record-step",
  input: z.object({
    sopInstanceUid: Uid,
    state: z.enum(STEP_STATES),
    studyInstanceUid: Uid.optional(),
    accessionNumber: z.string().max(64).optional(),
    modality: z.string().max(16).optional(),
    series: z
      .array(z.object({ seriesInstanceUid: Uid, objectCount: z.number().int().min(0) }))
      .max(2000)
      .default([]),
  }),
  policy: mayRecordStep,
  load: async () => null,
  async run(tx, input) {
    const custodian = organisationOf(tx.actor) ?? "";
    const { studyInstanceUid, accessionNumber, modality, ...rest } = input;
    const outcome = await writeStep(tx, { ...rest, custodian, studyInstanceUid, accessionNumber, modality });
    if (outcome === "written" && input.state === "completed") {
      const uids = input.series.map(({ seriesInstanceUid }) => seriesInstanceUid);
      const named = await findSeriesNamed(tx, custodian, uids);
      const changed = await applyPerformedCounts(tx, named);
      if (changed.length > 0) await touchStudies(tx, changed);
    }
    return { outcome, custodian };
  },
  audit: {
    how: "each",
    verb: "received",
    subjects: ({ state, series }, done) => ({
      ...(done ? { custodian: done.custodian } : {}),
      detail: { state, series: series.length },
    }),
  },
});
