import { systemCtx } from "@weald/adapters";
import * as Packing from "@weald/core/packing";
import type { Context, ScheduledEvent } from "aws-lambda";

/** A round ends before its function does; the next goes on, beside it where it must. */
const ROUND_MS = 8 * 60_000;

/** Packs the series that are due, the longest due first, until none is left; then folds those that were packed a day ago. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("pack-series", "timer", context.awsRequestId);
  const until = Date.now() + ROUND_MS;
  let [packed, givenUp] = [0, 0];
  for (let isMore = true; isMore && Date.now() < until; ) {
    const round = await Packing.packNext(ctx, {});
    packed += round.packed;
    givenUp += round.givenUp;
    isMore = round.isMore;
  }
  let [folded, notFolded] = [0, 0];
  for (let isMore = true; isMore && Date.now() < until; ) {
    const round = await Packing.foldNext(ctx, {});
    folded += round.folded;
    notFolded += round.failed;
    isMore = round.isMore;
  }
  // The alarm goes by errors of this function (infra/alarms.ts).
  if (givenUp > 0) throw new Error(`${givenUp} series could not be packed and are served as they were sent`);
  if (notFolded > 0) throw new Error(`${notFolded} series could not be folded and keep their rows`);
  return { packed, folded };
}
