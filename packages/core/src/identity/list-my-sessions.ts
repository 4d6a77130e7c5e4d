import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { ownSession } from "./session.policy.ts";
import { sessionsOf } from "./session.store.ts";

/** Where one is signed in, so that a session left open elsewhere can be ended. */
export const listMySessions = defineAction({
  name: "identity.list-my-sessions",
  input: z.object({}),
  policy: ownSession,
  load: async (tx) => ({ hasSession: tx.session !== undefined }),
  async run(tx) {
    const rows = await sessionsOf(tx, tx.actor.id);
    return rows.map(({ sessionId, organisation, signedInAt, lastSeenAt, lockedAt, endsAt }) => ({
      ...{ sessionId, organisation, signedInAt, lastSeenAt, endsAt },
      isLocked: lockedAt !== null,
      isThis: sessionId === tx.session?.id,
    }));
  },
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: (_, done) => ({ detail: { sessions: done?.length ?? 0 } }),
  },
});
