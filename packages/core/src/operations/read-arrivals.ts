import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { defineAction } from "../kernel/index.ts";
import { everyHour, hoursAfter, lastDay } from "./hours.ts";
import { mayWatchOperations } from "./operations.policy.ts";
import { ownTrust, watched } from "./watched.ts";

/** What came in the last 24 hours, by the hour, and how long it took to be in the lists. */
export const readArrivals = defineAction({
  name: "operations.read-arrivals",
  input: z.object({}),
  policy: mayWatchOperations,
  load: async () => null,
  async run(tx) {
    const custodian = ownTrust(tx);
    const span = lastDay(tx.now);
    const came = await Ingest.sumArrivals(tx, custodian, span);
    return {
      custodian,
      asOf: tx.now.toISOString(),
      hours: everyHour(tx.now, came),
      lastDay: await Ingest.readDelay(tx, custodian, span.from),
      lastHour: await Ingest.readDelay(tx, custodian, hoursAfter(tx.now, -1)),
    };
  },
  audit: watched,
});
