import { z } from "zod";
import { Conflict, defineAction, Invalid } from "../kernel/index.ts";
import { noSuchCase, setCaseState } from "../mdt/index.ts";
import { presentFor } from "./attend.ts";
import { lockOutcome, signOutcome as sign } from "./outcome.store.ts";
import { maySign } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { checkWords, signedAlready } from "./save-outcome.ts";
import { fix, studiesOf } from "./seen-studies.ts";
import { showOutcome } from "./show-outcome.ts";

/**
 * The chair signs what was decided: the studies and report versions seen and who was there are fixed with it, and it is locked
 * (clinical page §15). It is a recommendation, and says so wherever it goes.
 *
 * @throws {Conflict} `OUTCOME_CHANGED`, `OUTCOME_SIGNED`, `QUORUM_NOT_MET`, `STUDY_NOT_OF_CASE`
 * @throws {Invalid} `OUTCOME_INCOMPLETE`
 */
export const signOutcome = defineAction({
  name: "room.sign-outcome",
  input: z.object({
    caseId: z.uuid(),
    version: z.number().int(),
    /** What was seen. */
    studyIds: z.array(z.uuid()).max(100),
    /** Why it stands though not all were there who must be. */
    withoutQuorum: z.string().trim().min(3).max(500).nullish(),
  }),
  policy: maySign,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, version, studyIds, withoutQuorum }, { found, meeting }) {
    const outcome = await lockOutcome(tx, caseId);
    if (!outcome) throw new Invalid("OUTCOME_INCOMPLETE", "Nothing was written of this case yet.");
    if (outcome.signed) throw signedAlready();
    checkWords(outcome);
    const { people, quorum } = await presentFor(tx, meeting, caseId);
    if (!quorum.isMet && outcome.kind === "decided" && !withoutQuorum)
      throw new Conflict(
        "QUORUM_NOT_MET",
        `There is no quorum: ${quorum.missing.join(", ")}. Note who is there, or say why it stands.`,
      );
    const fixed = fix(await studiesOf(tx, found.patientId), studyIds);
    const present = { people, quorum, ...(withoutQuorum ? { withoutQuorum } : {}) };
    if (!(await sign(tx, { id: outcome.id, version }, { fixed, present })))
      throw new Conflict(
        "OUTCOME_CHANGED",
        "Somebody changed this outcome meanwhile. Read it again, then sign.",
      );
    const state = outcome.kind === "decided" ? "discussed" : "deferred";
    await setCaseState(tx, caseId, { state, reason: undefined });
    const { studies, reports } = fixed;
    return {
      outcome: await showOutcome(tx, caseId),
      ...{ patientId: found.patientId, studies: studies.length, reports: reports.length },
    };
  },
  after: async (_ctx, { outcome }) => ({ outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: {
        caseId,
        signed: done !== undefined,
        studies: done?.studies ?? 0,
        reports: done?.reports ?? 0,
      },
    }),
  },
});
