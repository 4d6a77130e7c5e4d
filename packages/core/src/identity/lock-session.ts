import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { ownSession } from "./session.policy.ts";
import { lock } from "./session.store.ts";

/** Nothing more is answered by this session until its person signs in again, which begins another in its place. */
export const lockSession = defineAction({
  name: "identity.lock-session",
  input: z.object({ why: z.enum(["idle", "asked"]) }),
  policy: ownSession,
  load: async (tx) => ({ hasSession: tx.session !== undefined }),
  async run(tx) {
    if (tx.session) await lock(tx, tx.session.id);
    return { session: tx.session?.id ?? null };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ why }, done) => ({ detail: { session: done?.session ?? null, why } }),
  },
});
