import { systemCtx } from "@weald/adapters";
import * as Operations from "@weald/core/operations";
import type { Context, ScheduledEvent } from "aws-lambda";

/** What is left is counted by the next tick. */
const MOST_ROUNDS = 200;

/** Counts the hours that are over, until none is left. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("tally-arrivals", "timer", context.awsRequestId);
  let rounds = 0;
  for (let isMore = true; isMore && rounds < MOST_ROUNDS; rounds += 1)
    ({ isMore } = await Operations.tallyArrivals(ctx, {}));
  return { rounds };
}
