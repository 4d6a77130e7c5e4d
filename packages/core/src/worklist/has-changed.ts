import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { mayList } from "./worklist.policy.ts";
import { hasChangedSince } from "./worklist.store.ts";

/** Live lists ask this every few seconds: one indexed look, nothing about anybody. */
export const hasChanged = defineAction({
  name: "worklist.has-changed",
  input: z.object({ since: z.string().regex(/^\d{1,20}$/) }),
  policy: mayList,
  load: async () => null,
  run: async (tx, { since }) => ({ changed: await hasChangedSince(tx, since) }),
  audit: { how: "none" },
});
