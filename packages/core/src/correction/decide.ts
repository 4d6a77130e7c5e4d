import { z } from "zod";
import { Conflict, type Ctx, defineAction, NotFound, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { auditOf, doIt, outcome, undoIt } from "./conclude.ts";
import { correctingFacts, type Facts, lockStudies } from "./correcting-facts.ts";
import { mayConfirm, mayDecline } from "./correction.policy.ts";
import { type CorrectionRow, findCorrection, markDecided, markUndone } from "./correction.store.ts";
import { type HeldNote, mustSpeakOf, noteForConfirmed } from "./keep-note.ts";

export const noSuchCorrection = () =>
  new NotFound("CORRECTION_NOT_FOUND", "There is no such correction here.");

async function waiting(
  tx: Tx,
  correctionId: string,
): Promise<Facts & { row: CorrectionRow; askedBy: string }> {
  const row = await findCorrection(tx, correctionId);
  if (!row) throw noSuchCorrection();
  return { ...(await correctingFacts(tx, row.asked)), row, askedBy: row.askedBy };
}

const decidedAlready = () => new Conflict("ALREADY_DECIDED", "Somebody has decided this already.");

async function decideOnce(tx: Tx, row: CorrectionRow, state: "waiting" | "declined", reason?: string) {
  if (row.state !== "waiting" || !(await markDecided(tx, row.id, state, reason))) throw decidedAlready();
}

async function undone(tx: Tx, undoes: string): Promise<CorrectionRow> {
  const row = await findCorrection(tx, undoes);
  if (!row || !(await markUndone(tx, undoes))) throw decidedAlready();
  return row;
}

const confirmWith = defineAction({
  name: "correction.confirm",
  purpose: "operations",
  input: z.object({ correctionId: z.uuid(), note: z.custom<HeldNote>().optional() }),
  policy: mayConfirm,
  load: (tx, { correctionId }) => waiting(tx, correctionId),
  async run(tx, { note }, { row, ...facts }) {
    await lockStudies(tx, facts);
    await decideOnce(tx, row, "waiting");
    // Served again for the moment that the change needs; the transaction ends with it moved or rejected.
    await Study.setWithheld(tx, row.studyId, null);
    const making = { correctionId: row.id, asked: row.asked, facts, note };
    if (row.undoes) return undoIt(tx, making, await undone(tx, row.undoes));
    if (note) await mustSpeakOf(tx, note, row.asked);
    return doIt(tx, making);
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ correctionId }, done) => (done ? auditOf(done) : { detail: { correctionId } }),
  },
});

async function confirmIt(ctx: Ctx, { correctionId }: { correctionId: string }) {
  const note = await noteForConfirmed(ctx, correctionId);
  return confirmWith(ctx, { correctionId, ...(note ? { note } : {}) });
}

const Which = z.object({ correctionId: z.uuid() });

/**
 * The second person's yes: done now.
 *
 * @throws {NotFound} `CORRECTION_NOT_FOUND`
 * @throws {Conflict} `ALREADY_DECIDED`, and whatever the correction itself can't do any more
 * @throws {AccessDenied} `own-proposal`
 */
export const confirm = Object.assign(confirmIt, {
  actionName: confirmWith.actionName,
  input: Which,
  policy: confirmWith.policy,
  audit: confirmWith.audit,
});

/** The second person's no, or who asked takes it back: what was withheld is shown again, as it was. */
export const decline = defineAction({
  name: "correction.decline",
  purpose: "operations",
  input: Which.extend({ reason: z.string().trim().min(3).max(500) }),
  policy: mayDecline,
  load: (tx, { correctionId }) => waiting(tx, correctionId),
  async run(tx, { reason }, { row, ...facts }) {
    await lockStudies(tx, facts);
    await decideOnce(tx, row, "declined", reason);
    await Study.setWithheld(tx, row.studyId, null);
    await Study.noteCorrected(tx, [row.studyId], "declined");
    return outcome({ correctionId: row.id, asked: row.asked, facts }, "declined", 0);
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ correctionId }, done) => (done ? auditOf(done) : { detail: { correctionId } }),
  },
});
