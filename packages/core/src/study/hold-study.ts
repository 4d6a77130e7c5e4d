import { z } from "zod";
import { Conflict, defineAction, NotFound } from "../kernel/index.ts";
import { heldStudyFacts } from "./reading-access.ts";
import { endHoldOf, findHold, placeHold } from "./retention.store.ts";
import { mayHold } from "./study.policy.ts";

const reason = z.string().trim().min(3).max(500);

/** Keeps a study beyond its time, whatever the rule says: a claim, an inquiry, a trial. */
export const hold = defineAction({
  name: "study.hold",
  input: z.object({ studyId: z.uuid(), reason }),
  policy: mayHold,
  async load(tx, { studyId }) {
    const { study } = await heldStudyFacts(tx, studyId);
    return { custodian: study.custodian, study };
  },
  run: async (tx, input, { study }) => ({
    holdId: await placeHold(tx, { studyId: study.id, custodian: study.custodian, reason: input.reason }),
    patientId: study.patientId,
    custodian: study.custodian,
  }),
  after: async (_ctx, { holdId }) => ({ holdId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.custodian, detail: { holdId: done.holdId } }
        : {}),
    }),
  },
});

/**
 * Ends a hold; the rule alone says from then on how long the study is kept. The hold stays on record.
 *
 * @throws {NotFound} `HOLD_NOT_FOUND`
 * @throws {Conflict} `HOLD_ENDED`
 */
export const endHold = defineAction({
  name: "study.end-hold",
  input: z.object({ holdId: z.uuid(), reason }),
  policy: mayHold,
  async load(tx, { holdId }) {
    const row = await findHold(tx, holdId);
    if (!row) throw new NotFound("HOLD_NOT_FOUND", "There is no such hold.");
    return { custodian: row.custodian, row };
  },
  async run(tx, input, { row }) {
    if (!(await endHoldOf(tx, row.id, input.reason)))
      throw new Conflict("HOLD_ENDED", "This hold was ended already.");
    return { studyId: row.studyId, custodian: row.custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ holdId }, done) => ({ ...done, detail: { holdId } }),
  },
});
