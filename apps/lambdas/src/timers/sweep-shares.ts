import { systemCtx } from "@weald/adapters";
import * as Study from "@weald/core/study";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Takes away share objects that nobody was granted for a day. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("sweep-shares", "timer", context.awsRequestId);
  let swept = 0;
  for (let after: string | undefined = ""; after !== undefined; ) {
    const round: Awaited<ReturnType<typeof Study.sweepShares>> = await Study.sweepShares(ctx, { after });
    swept += round.swept;
    after = round.next;
  }
  return { swept };
}
