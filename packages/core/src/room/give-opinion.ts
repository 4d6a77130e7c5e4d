import { z } from "zod";
import { Conflict, defineAction, Invalid, type Tx } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import * as Store from "./outcome.store.ts";
import { OPINIONS, type Opinion } from "./outcome.ts";
import { mayReviewCase } from "./room.policy.ts";
import { caseFacts, type KnownCase } from "./room-facts.ts";
import { signedAlready } from "./save-outcome.ts";
import { fix, studiesOf } from "./seen-studies.ts";
import { showOutcome } from "./show-outcome.ts";

const GRADES: Partial<Record<Opinion, "minor" | "major">> = {
  "differs-minor": "minor",
  "differs-major": "major",
};

/** @throws {Conflict} `NO_REPORT_SEEN` */
async function ask(
  tx: Tx,
  outcome: Store.Outcome,
  { found }: KnownCase,
  { studyId, grade, words }: { studyId: string; grade: "minor" | "major"; words: string },
): Promise<void> {
  const seen = await studiesOf(tx, found.patientId);
  const [report] = fix(seen, [studyId]).reports;
  const custodian = seen.rows.find((row) => row.studyId === studyId)?.custodian;
  if (!report || !custodian)
    throw new Conflict(
      "NO_REPORT_SEEN",
      "There is no report of this study to differ from, or none that you may read.",
    );
  const { reportId, version: reportVersion } = report;
  await Store.openDifference(tx, outcome, { custodian, studyId, reportId, reportVersion, grade, words });
}

/**
 * The reviewer's opinion, apart from what the meeting decides. That it differs from a report opens a task to that report's trust,
 * which stays open until its addendum has come (clinical page §15).
 *
 * @throws {Conflict} `OUTCOME_SIGNED`, `NO_REPORT_SEEN`
 */
export const giveOpinion = defineAction({
  name: "room.give-opinion",
  input: z.object({
    caseId: z.uuid(),
    opinion: z.enum(OPINIONS),
    words: z.string().trim().max(2000).default(""),
    /** Whose report it differs from. */
    studyId: z.uuid().nullish(),
  }),
  policy: mayReviewCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, opinion, words, studyId }, facts) {
    const grade = GRADES[opinion];
    if (grade && (!studyId || words.length < 3))
      throw new Invalid("DIFFERENCE_INCOMPLETE", "Say which report it differs from, and how.");
    if (!(await Store.lockOutcome(tx, caseId)))
      await Store.createOutcome(tx, facts.found, { kind: "decided", decision: "" });
    const outcome = await Store.findOutcome(tx, caseId);
    if (!outcome) throw noSuchCase();
    if (outcome.signed) throw signedAlready();
    await Store.setOpinion(tx, outcome.id, { opinion, words });
    if (grade && studyId) await ask(tx, outcome, facts, { studyId, grade, words });
    return { outcome: await showOutcome(tx, caseId), patientId: facts.found.patientId };
  },
  after: async (_ctx, { outcome }) => ({ outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, opinion, studyId }, done) => ({
      ...(studyId ? { studyId } : {}),
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, opinion },
    }),
  },
});
