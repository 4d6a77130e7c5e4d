import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { mayListOwn } from "./mdt.policy.ts";
import { hasMeetingChanged } from "./standing.store.ts";

/** A meeting's page asks this every few seconds: one bit of meetings whose ids it has. */
export const hasChanged = defineAction({
  name: "mdt.has-changed",
  input: z.object({
    meetingIds: z.array(z.uuid()).max(100),
    since: z.string().regex(/^\d{1,20}$/),
  }),
  policy: mayListOwn,
  load: async () => null,
  run: async (tx, { meetingIds, since }) => ({ changed: await hasMeetingChanged(tx, meetingIds, since) }),
  audit: { how: "none" },
});
