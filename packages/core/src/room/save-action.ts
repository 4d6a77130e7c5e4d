import { z } from "zod";
import { Conflict, defineAction, type Tx } from "../kernel/index.ts";
import { noSuchCase } from "../mdt/index.ts";
import * as Store from "./outcome.store.ts";
import { maySeeCase } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { signedAlready } from "./save-outcome.ts";
import { showOutcome } from "./show-outcome.ts";

const Words = z.object({
  what: z.string().trim().min(1).max(500),
  owner: z.string().trim().min(1).max(200),
  /** A member of the meeting, who is told of what changes after. */
  ownerId: z.string().max(120).nullish(),
  dueOn: z.iso.date().nullish(),
  isRemoved: z.boolean().default(false),
});

const Input = z.object({
  caseId: z.uuid(),
  /** Made by the author's window: sent twice, it is made once. */
  actionId: z.uuid(),
  version: z.number().int().min(0),
  words: Words,
});

/** An outcome to hang it on: it may be the first thing that is written of a case. */
async function outcomeFor(tx: Tx, { found }: Awaited<ReturnType<typeof caseFacts>>): Promise<Store.Outcome> {
  const stands = await Store.lockOutcome(tx, found.id);
  if (stands) return stands;
  await Store.createOutcome(tx, found, { kind: "decided", decision: "" });
  const made = await Store.findOutcome(tx, found.id);
  if (!made) throw noSuchCase();
  return made;
}

async function keep(tx: Tx, input: z.output<typeof Input>, outcome: Store.Outcome): Promise<boolean> {
  const { actionId, version, words } = input;
  const said = { ...words, ownerId: words.ownerId ?? undefined, dueOn: words.dueOn ?? undefined };
  if (version > 0) return Store.rewriteAction(tx, { actionId, outcomeId: outcome.id, version }, said);
  const others = await Store.findActions(tx, outcome.id);
  if (others.some(({ id }) => id === actionId)) return true;
  return Store.createAction(tx, outcome, { actionId, position: others.length + 1, words: said });
}

/**
 * Who is to do what by when: each has a version of its own, so that two who write different ones never meet. Taken off, never
 * deleted.
 *
 * @throws {Conflict} `OUTCOME_SIGNED`, `OWNER_NOT_A_MEMBER`
 */
export const saveAction = defineAction({
  name: "room.save-action",
  input: Input,
  policy: maySeeCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, input, facts) {
    const { ownerId } = input.words;
    if (ownerId && !facts.members.some(({ personId }) => personId === ownerId))
      throw new Conflict(
        "OWNER_NOT_A_MEMBER",
        "Who is to do it is not a member of this meeting. Write the name instead.",
      );
    const outcome = await outcomeFor(tx, facts);
    if (outcome.signed) throw signedAlready();
    const isKept = await keep(tx, input, outcome);
    return { isKept, outcome: await showOutcome(tx, input.caseId), patientId: facts.found.patientId };
  },
  after: async (_ctx, { isKept, outcome }) => ({ isKept, outcome }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, actionId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, actionId, isKept: done?.isKept ?? false },
    }),
  },
});
