import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { auditOf, outcome, undoIt } from "./conclude.ts";
import { correctingFacts, lockStudies } from "./correcting-facts.ts";
import { mayUndo } from "./correction.policy.ts";
import {
  findCorrection,
  hasNewer,
  isReported,
  isWaitingFor,
  markUndone,
  writeCorrection,
} from "./correction.store.ts";
import { noSuchCorrection } from "./decide.ts";

/**
 * Takes a correction back: what stood before is served again. It is a correction itself; what took a second person takes one
 * again, and what was corrected later is undone first.
 *
 * @throws {NotFound} `CORRECTION_NOT_FOUND`
 * @throws {Conflict} `NOT_DONE`, `UNDO_NEWER_FIRST`, `ALREADY_ASKED`
 */
export const undo = defineAction({
  name: "correction.undo",
  purpose: "operations",
  input: z.object({ correctionId: z.uuid(), reason: z.string().trim().min(3).max(500) }),
  policy: mayUndo,
  async load(tx, { correctionId }) {
    const row = await findCorrection(tx, correctionId);
    if (!row) throw noSuchCorrection();
    return { ...(await correctingFacts(tx, row.asked)), row };
  },
  async run(tx, { reason }, { row, ...held }) {
    await lockStudies(tx, held);
    if (row.state !== "done" || row.undoes)
      throw new Conflict("NOT_DONE", "Only what was done can be undone, and once.");
    if (await hasNewer(tx, row))
      throw new Conflict(
        "UNDO_NEWER_FIRST",
        "This study was corrected again since. Undo the later correction first.",
      );
    if (await isWaitingFor(tx, row.studyId))
      throw new Conflict("ALREADY_ASKED", "A correction of this study waits for a second person already.");
    const asked = { ...row.asked, reason };
    const facts = { ...held, to: undefined };
    const correctionId = await writeCorrection(tx, {
      custodian: row.custodian,
      studyId: row.studyId,
      fromPatientId: held.study.patientId,
      toPatientId: row.fromPatientId === held.study.patientId ? undefined : row.fromPatientId,
      asked,
      reason,
      undoes: row.id,
    });
    const making = { correctionId, asked, facts, note: undefined };
    const tookSecond =
      row.decidedBy !== undefined || (row.before?.owner && (await isReported(tx, row.studyId)));
    if (tookSecond) return outcome(making, "waiting", 0);
    if (!(await markUndone(tx, row.id))) throw new Conflict("NOT_DONE", "Somebody has undone it already.");
    return undoIt(tx, making, row);
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ correctionId }, done) => (done ? auditOf(done) : { detail: { correctionId } }),
  },
});
