import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { ownSession } from "./session.policy.ts";
import { noteUse } from "./session.store.ts";

/** Somebody still uses the page: told each minute at most. */
export const touchSession = defineAction({
  name: "identity.touch-session",
  display: "of-its-list",
  input: z.object({}),
  policy: ownSession,
  load: async (tx) => ({ hasSession: tx.session !== undefined }),
  async run(tx) {
    if (tx.session) await noteUse(tx, tx.session.id);
    return { seenAt: tx.now };
  },
  audit: { how: "none" },
});
