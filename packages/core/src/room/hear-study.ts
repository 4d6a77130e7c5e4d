import { z } from "zod";
import { defineAction, type Tx } from "../kernel/index.ts";
import { findCase } from "../mdt/index.ts";
import * as Store from "./outcome.store.ts";
import { changesUnder, type StudyNow } from "./outcome.ts";
import { roomSystemOnly } from "./room.policy.ts";
import { roomFacts } from "./room-facts.ts";

/** Who answers for an outcome: the meeting's chair, who signed, and whose actions are not done. */
async function answeringFor(tx: Tx, outcome: Store.Outcome): Promise<string[]> {
  const found = await findCase(tx, outcome.caseId);
  const room = found && (await roomFacts(tx, found.meetingId));
  const owners = (await Store.findActions(tx, outcome.id))
    .filter(({ isRemoved, doneAt }) => !isRemoved && !doneAt)
    .map(({ ownerId }) => ownerId);
  const people = [outcome.signed?.by, room?.meeting.chairId, ...owners];
  return [...new Set(people.filter((id) => id !== undefined))];
}

async function tellAround(tx: Tx, study: StudyNow): Promise<number> {
  let told = 0;
  for (const outcome of await Store.findSignedAround(tx, study)) {
    if (!outcome.signed) continue;
    const { at: signedAt, fixed } = outcome.signed;
    const changes = changesUnder({ patientId: outcome.patientId, signedAt, fixed }, study);
    if (changes.length > 0) told += await Store.tellOf(tx, outcome, changes, await answeringFor(tx, outcome));
  }
  return told;
}

/**
 * A study has images, a report or a correction that it had not: signed outcomes that saw it are marked and those who answer for
 * them told, once; what asked for its report's addendum is answered. Heard any number of times it comes to the same.
 */
export const hearStudy = defineAction({
  name: "room.hear-study",
  input: z.object({ studyId: z.uuid() }),
  policy: roomSystemOnly,
  load: async () => null,
  async run(tx, { studyId }) {
    const study = await Store.findStudyNow(tx, studyId);
    if (!study) return { told: 0, closed: 0, patientId: undefined };
    const told = await tellAround(tx, study);
    const closed = study.report ? (await Store.closeDifferences(tx, study.report)).length : 0;
    return { told, closed, patientId: study.patientId };
  },
  audit: {
    how: "each",
    verb: "told",
    subjects: ({ studyId }, done) =>
      done && done.told + done.closed === 0
        ? []
        : {
            studyId,
            ...(done?.patientId ? { patientId: done.patientId } : {}),
            detail: { told: done?.told ?? 0, closed: done?.closed ?? 0 },
          },
  },
});
