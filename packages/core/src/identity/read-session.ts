import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { ownSession } from "./session.policy.ts";
import { findSession } from "./session.store.ts";
import { endingOf } from "./session.ts";

/** How one's own session stands, and what one may do now. Content-free: also answered where it is locked or over. */
export const readSession = defineAction({
  name: "identity.read-session",
  display: "of-its-list",
  input: z.object({}),
  policy: ownSession,
  session: "in-any-session",
  load: async (tx) => {
    const row = tx.session ? await findSession(tx, tx.session.id) : undefined;
    return { hasSession: row?.personId === tx.actor.id, row };
  },
  async run(tx, _input, { row }) {
    const { session, actor, now } = tx;
    if (!session || !row || actor.kind !== "person") throw new Error("decided otherwise");
    return {
      state: session.state,
      why: endingOf(row, now) ?? null,
      personId: actor.id,
      roleId: actor.roleId,
      activities: actor.activities,
      scoped: actor.scoped ?? [],
      provedAt: session.provedAt,
      endsAt: row.endsAt,
      lastSeenAt: row.lastSeenAt,
      idleSeconds: row.idleSeconds,
      displayOf: session.displayOf ?? null,
    };
  },
  audit: { how: "none" },
});
