import { z } from "zod";
import * as Ingest from "../ingest/index.ts";
import { defineAction, type Tx } from "../kernel/index.ts";
import * as Organisation from "../organisation/index.ts";
import { keepHours, lastCounted } from "./arrival-hour.store.ts";
import { earlierOf, hourOf, hoursAfter } from "./hours.ts";
import { systemOnly } from "./operations.policy.ts";

/** Of years that were there before the count: so many hours in one transaction of two seconds. */
const MOST_HOURS = 6;
/** An hour is over when no transaction that began in it can still commit. */
const SPARE_MS = 60_000;

/** Counts the next hours of a trust that are over and weren't counted. Hours in which nothing came are passed over. */
async function tallyNext(tx: Tx, custodian: string): Promise<boolean> {
  const counted = await lastCounted(tx, custodian);
  const first = await Ingest.firstSettledSince(tx, custodian, counted ? hoursAfter(counted, 1) : new Date(0));
  if (!first) return false;
  const over = hourOf(new Date(tx.now.getTime() - SPARE_MS));
  const from = hourOf(first);
  if (from >= over) return false;
  const until = earlierOf(hoursAfter(from, MOST_HOURS), over);
  const came = await Ingest.sumArrivals(tx, custodian, { from, until });
  // Something was settled in this hour and nothing taken in: it is counted all the same, or it would be asked for for ever.
  const none = { hour: from, instances: 0, studies: 0, sizeBytes: 0 };
  await keepHours(
    tx,
    custodian,
    came.some(({ hour }) => hour.getTime() === from.getTime()) ? came : [none, ...came],
  );
  return true;
}

/** Keeps, by trust and hour, what came in: the bytes of ten years can't be summed each time that somebody asks. */
export const tallyArrivals = defineAction({
  name: "operations.tally-arrivals",
  input: z.object({}),
  policy: systemOnly,
  load: async () => null,
  async run(tx) {
    for (const { odsCode } of await Organisation.readOrganisations(tx))
      if (await tallyNext(tx, odsCode)) return { counted: odsCode, isMore: true };
    return { counted: undefined, isMore: false };
  },
  audit: { how: "none" },
});
