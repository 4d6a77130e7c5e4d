import { z } from "zod";
import { Conflict, type Ctx, defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mustMakeSense } from "./apply.ts";
import { auditOf, doIt, outcome } from "./conclude.ts";
import { correctingFacts, lockStudies, referencesOf, takesSecond } from "./correcting-facts.ts";
import { mayCorrect } from "./correction.policy.ts";
import { isWaitingFor, writeCorrection } from "./correction.store.ts";
import { Asked, withholds } from "./correction.ts";
import { type HeldNote, mustSpeakOf, noteFor } from "./keep-note.ts";

const askWith = defineAction({
  name: "correction.ask",
  purpose: "operations",
  input: z.object({ asked: Asked, note: z.custom<HeldNote>().optional() }),
  policy: mayCorrect,
  load: (tx, { asked }) => correctingFacts(tx, asked),
  async run(tx, { asked, note }, facts) {
    mustMakeSense(asked, facts);
    await lockStudies(tx, facts);
    if (await isWaitingFor(tx, asked.studyId))
      throw new Conflict("ALREADY_ASKED", "A correction of this study waits for a second person already.");
    const references = await referencesOf(tx, asked);
    const isFirst = await takesSecond(tx, asked, references);
    const { study, custodian, to } = facts;
    const correctionId = await writeCorrection(tx, {
      custodian,
      studyId: study.id,
      fromPatientId: study.patientId,
      toPatientId: to?.patientId,
      asked,
      reason: asked.reason,
    });
    if (isFirst) {
      if (withholds(asked)) {
        await Study.setWithheld(tx, study.id, tx.now);
        await Study.noteCorrected(tx, [study.id], "withheld");
      }
      return outcome({ correctionId, asked, facts }, "waiting", 0);
    }
    if (note) await mustSpeakOf(tx, note, asked);
    return doIt(tx, { correctionId, asked, facts, note });
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ asked }, done) =>
      done ? auditOf(done) : { studyId: asked.studyId, detail: { kind: asked.kind } },
  },
});

async function askFor(ctx: Ctx, asked: z.input<typeof Asked>) {
  const note = await noteFor(ctx, asked);
  return askWith(ctx, { asked, ...(note ? { note } : {}) });
}

/**
 * Puts a wrong thing right (clinical page §2): rejects, moves to the right patient, splits off, corrects side, body part or
 * description. Done at once; of a whole reported study it waits for a second person. Originals stay as they were sent.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`, `NOT_IN_STUDY`
 * @throws {Invalid} `NO_RECORD_HERE`, `SAME_PATIENT`, `SAME_STUDY`, `WHOLE_STUDY`, `NOT_AT_THIS_LEVEL`
 * @throws {Conflict} `ALREADY_ASKED`, `NOTHING_SERVED`, `STUDY_CHANGED`, `STUDY_MOVED_ON`
 */
export const ask = Object.assign(askFor, {
  actionName: askWith.actionName,
  input: Asked,
  policy: askWith.policy,
  audit: askWith.audit,
});
