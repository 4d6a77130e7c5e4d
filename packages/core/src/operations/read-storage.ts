import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import { sumPacks } from "../study/index.ts";
import { lastCounted, sumHours } from "./arrival-hour.store.ts";
import { hoursAfter, laterOf } from "./hours.ts";
import { mayWatchOperations } from "./operations.policy.ts";
import { ownTrust, watched } from "./watched.ts";

/** What the timer hasn't counted yet is at most so old, unless it counts years that were there before it. */
const NOT_COUNTED_HOURS = 26;

/** After so many days S3 keeps an original in a colder class (infra/storage.ts; docs/adr/0028). */
export const COLDER_AFTER_DAYS = 30;

/** Objects since the last hour that was counted, and whether older ones wait to be counted. */
async function sinceCounted(tx: Tx, custodian: string) {
  const counted = await lastCounted(tx, custodian);
  const earliest = hoursAfter(tx.now, -NOT_COUNTED_HOURS);
  const next = counted ? hoursAfter(counted, 1) : new Date(0);
  const from = laterOf(next, earliest);
  const first = await Ingest.firstSettledSince(tx, custodian, next);
  const rows = await Ingest.sumArrivals(tx, custodian, { from, until: hoursAfter(tx.now, 1) });
  return {
    instances: rows.reduce((sum, row) => sum + row.instances, 0),
    sizeBytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
    countedTo: counted && next.toISOString(),
    isCounting: first !== undefined && first < from,
  };
}

/**
 * The bytes of a trust's originals, which nothing deletes, those of them that are old enough for the colder class, of the packs beside them,
 * and of what waits in its quarantine.
 */
export const readStorage = defineAction({
  name: "operations.read-storage",
  input: z.object({}),
  policy: mayWatchOperations,
  load: async () => null,
  async run(tx) {
    const custodian = ownTrust(tx);
    const counted = await sumHours(tx, custodian);
    const old = await sumHours(tx, custodian, hoursAfter(tx.now, -24 * COLDER_AFTER_DAYS));
    const since = await sinceCounted(tx, custodian);
    const { count, oldest, sizeBytes } = await Ingest.sumQuarantine(tx, custodian);
    return {
      custodian,
      asOf: tx.now.toISOString(),
      originals: {
        instances: counted.instances + since.instances,
        sizeBytes: counted.sizeBytes + since.sizeBytes,
      },
      colder: { afterDays: COLDER_AFTER_DAYS, instances: old.instances, sizeBytes: old.sizeBytes },
      packs: await sumPacks(tx, custodian),
      countedTo: since.countedTo,
      isCounting: since.isCounting,
      quarantine: { count, oldest: oldest?.toISOString(), sizeBytes },
    };
  },
  audit: watched,
});
