import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { systemOnly } from "./audit.policy.ts";
import { insertPresumed } from "./event.store.ts";

/**
 * *Displayed* is the viewer's report. What was fetched, and ten minutes later nobody had reported, counts as displayed: a
 * viewer that says nothing leaves no look unseen. A declared prefetch doesn't count (clinical page §21).
 */
export const presumeDisplayed = defineAction({
  name: "audit.presume-displayed",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  run: async (tx) => ({ presumed: await insertPresumed(tx) }),
  audit: { how: "none" },
});
