import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findCases } from "./case.store.ts";
import { gather } from "./gather.ts";
import { maySystem } from "./mdt.policy.ts";
import { findUnrecorded, insertReadiness } from "./readiness.store.ts";

/** Meetings at a time: one transaction is short. */
const AT_ONCE = 1;

/**
 * Keeps how ready each case was when its list closed and when its meeting began: what audits of meetings ask for can't be told
 * afterwards, as what was missing may be there by then. Written once; a meeting that the clock passed is caught up with.
 */
export const recordReadiness = defineAction({
  name: "mdt.record-readiness",
  input: z.object({}),
  policy: maySystem,
  load: async () => null,
  async run(tx) {
    const due = await findUnrecorded(tx, AT_ONCE);
    for (const { meeting, moment } of due) {
      const cases = await findCases(tx, [meeting.id]);
      const { cases: gathered } = await gather(tx, cases, [meeting]);
      await insertReadiness(tx, { meeting, moment, cases: gathered });
    }
    return { recorded: due.length };
  },
  audit: { how: "none" },
});
