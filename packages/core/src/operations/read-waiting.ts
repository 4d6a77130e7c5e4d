import { z } from "zod";
import * as Consent from "../consent/index.ts";
import * as Correction from "../correction/index.ts";
import * as Ingest from "../ingest/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Mdt from "../mdt/index.ts";
import { mayWatchOperations } from "./operations.policy.ts";
import { ownTrust, watched } from "./watched.ts";

/** Younger than this it is on its way. */
const LATE_MINUTES = 15;

/** What failed or waits for somebody in one's own trust: counts, each with where it is solved (the page knows). */
export const readWaiting = defineAction({
  name: "operations.read-waiting",
  input: z.object({}),
  policy: mayWatchOperations,
  load: async () => null,
  async run(tx) {
    const custodian = ownTrust(tx);
    const late = new Date(tx.now.getTime() - LATE_MINUTES * 60_000);
    const notArrived = await Ingest.countNotArrived(tx, custodian, late);
    const quarantine = await Ingest.sumQuarantine(tx, custodian);
    return {
      custodian,
      asOf: tx.now.toISOString(),
      notArrived: { count: notArrived.count, oldest: notArrived.oldest?.toISOString() },
      quarantine: { count: quarantine.count, oldest: quarantine.oldest?.toISOString() },
      corrections: { count: await Correction.countWaiting(tx, custodian) },
      messagesNotDelivered: { count: await Consent.countTasks(tx, custodian, "not-delivered") },
      asksNotTold: { count: await Mdt.countUntold(tx, custodian) },
    };
  },
  audit: watched,
});
