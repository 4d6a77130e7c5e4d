import { systemCtx } from "@weald/adapters";
import * as Review from "@weald/core/review";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Judges the looks that came since the last time by the rules of unusual access. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("flag-unusual", "timer", context.awsRequestId);
  let flags = 0;
  for (let isMore = true; isMore; ) {
    const step = await Review.flagUnusual(ctx, {});
    flags += step.flags;
    isMore = step.isMore;
  }
  return { flags };
}
