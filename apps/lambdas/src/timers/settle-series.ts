import { systemCtx } from "@weald/adapters";
import * as Study from "@weald/core/study";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Settles the series that have been quiet for a minute, until none is left. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("settle-series", "timer", context.awsRequestId);
  let settled = 0;
  for (let isMore = true; isMore; ) {
    const round = await Study.settle(ctx, {});
    settled += round.settled;
    isMore = round.isMore;
  }
  return { settled };
}
