import { z } from "zod";
import { defineAction, isLocked } from "../kernel/index.ts";
import { mayEnd } from "./session.policy.ts";
import { endSessions, findSession } from "./session.store.ts";
import { endingOf } from "./session.ts";

/** Ends one of one's own sessions, on this device or another. Of one that is over already nothing changes. */
export const endSession = defineAction({
  name: "identity.end-session",
  display: "of-its-list",
  input: z.object({ sessionId: z.uuid(), why: z.enum(["signed-out", "replaced"]).default("signed-out") }),
  policy: mayEnd,
  session: "in-any-session",
  load: async (tx, { sessionId }) => {
    const row = await findSession(tx, sessionId);
    return { personId: row?.personId, row };
  },
  async run(tx, { sessionId, why }, { row }) {
    const isOver = !row || endingOf(row, tx.now) !== undefined;
    const wasLocked = !isOver && isLocked(row, tx.now);
    const ended = await endSessions(tx, [sessionId], why);
    return { hasEnded: ended === 1, wasLocked };
  },
  audit: {
    how: "each",
    verb: "signed-out",
    subjects: ({ sessionId, why }, done) => ({
      detail: { session: sessionId, why, ended: done?.hasEnded ?? false },
    }),
  },
});
