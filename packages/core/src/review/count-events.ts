import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction, organisationOf } from "../kernel/index.ts";
import { mayCount } from "./review.policy.ts";

const DAY = 86_400_000;
const DAYS = 7;

/** How often what was done in a week, refused or failed, for one's own trust: numbers, and nobody in them. */
export const countEvents = defineAction({
  name: "review.count-events",
  purpose: "audit",
  input: z.object({}),
  policy: mayCount,
  load: async () => null,
  async run(tx) {
    const since = new Date(tx.now.getTime() - DAYS * DAY);
    const counts = await Audit.countEvents(tx, organisationOf(tx.actor) ?? "", since);
    return { since: since.toISOString(), counts };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.counts.length ?? 0 } }),
  },
});
