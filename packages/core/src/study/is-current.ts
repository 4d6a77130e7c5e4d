import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { readCurrency } from "./correcting.store.ts";
import { mayAskCurrency } from "./study.policy.ts";

/** An open viewer asks this every few seconds: whether what it shows is still served, and if not, since when. Of nobody. */
export const isCurrent = defineAction({
  name: "study.is-current",
  input: z.object({ studyId: z.uuid(), servedVersion: z.number().int() }),
  policy: mayAskCurrency,
  load: async () => null,
  run: (tx, { studyId, servedVersion }) => readCurrency(tx, studyId, servedVersion),
  audit: { how: "none" },
});
