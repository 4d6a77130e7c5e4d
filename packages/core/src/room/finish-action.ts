import { z } from "zod";
import { defineAction, Invalid } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import { type ActionRow, findAction, noteChase } from "./action.store.ts";
import { setActionDone } from "./outcome.store.ts";
import { answersFor, isTheirs } from "./room.policy.ts";
import { roomFacts } from "./room-facts.ts";

/** Who was chased since then is left alone. */
const CHASE_AFTER_MS = 24 * 3_600_000;

const audited = (action: ActionRow | undefined) => (action ? { patientId: action.patientId } : {});

/** Its owner says that it is done, or that it isn't yet. Also after signing: it changes nothing of what was decided. */
export const finishAction = defineAction({
  name: "room.finish-action",
  input: z.object({ actionId: z.uuid(), isDone: z.boolean() }),
  policy: isTheirs,
  absent: noSuchCase,
  async load(tx, { actionId }) {
    const action = await findAction(tx, actionId);
    return { personId: action?.ownerId, action };
  },
  async run(tx, { actionId, isDone }, { action }) {
    await setActionDone(tx, actionId, isDone);
    return { isDone, action };
  },
  after: async (_ctx, { isDone }) => ({ isDone }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: (input, done) => ({ ...audited(done?.action), detail: input }),
  },
});

/**
 * Whoever chairs the meeting, or lists for it, asks the owner of an action again, at most once in a day: it stands on the owner's
 * list, with who asked and when.
 *
 * @throws {Invalid} `ACTION_DONE`, `CHASED_TODAY`, `NOBODY_TO_CHASE`
 */
export const chaseAction = defineAction({
  name: "room.chase-action",
  input: z.object({ actionId: z.uuid() }),
  policy: answersFor,
  absent: noSuchCase,
  async load(tx, { actionId }) {
    const action = await findAction(tx, actionId);
    if (!action) throw noSuchCase();
    return { ...(await roomFacts(tx, action.meetingId)), action };
  },
  async run(tx, { actionId }, { action }) {
    if (action.doneAt) throw new Invalid("ACTION_DONE", "This is done already.");
    if (!action.ownerId)
      throw new Invalid("NOBODY_TO_CHASE", `${action.owner} has no portal of their own: ring them.`);
    if (action.chased && tx.now.getTime() - action.chased.at.getTime() < CHASE_AFTER_MS)
      throw new Invalid("CHASED_TODAY", "They were asked less than a day ago.");
    await noteChase(tx, actionId);
    return { action };
  },
  after: async () => ({ isChased: true as const }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ actionId }, done) => ({ ...audited(done?.action), detail: { actionId } }),
  },
});
