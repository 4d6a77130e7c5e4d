import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { letGoBefore } from "./inbox.store.ts";
import { systemOnly } from "./ingest.policy.ts";

/** So long a sender may ask how an object came out. */
export const OUTCOME_DAYS = 90;
const DAY_MS = 24 * 3_600_000;
/** A transaction's worth: one over two seconds would be rolled back. */
const MOST = 500;

/** From when on outcomes are known. */
export const outcomesSince = (now: Date): Date => new Date(now.getTime() - OUTCOME_DAYS * DAY_MS);

/**
 * Lets go of how objects came out three months ago: a row for each that was ever sent would be most of the database (ADR 0034). Images,
 * audit, messages and what waits for a person are none of it. `isMore`: ask again.
 */
export const letGoOfOutcomes = defineAction({
  name: "ingest.let-go-of-outcomes",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  async run(tx) {
    const letGo = await letGoBefore(tx, outcomesSince(tx.now), MOST);
    return { letGo, isMore: letGo === MOST };
  },
  audit: { how: "none" },
});
