import { systemCtx } from "@weald/adapters";
import * as Audit from "@weald/core/audit";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Tells what committed transactions have to tell, until nothing waits. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("relay-outbox", "timer", context.awsRequestId);
  let relayed = 0;
  for (let isMore = true; isMore; ) {
    const round = await Audit.relayOutbox(ctx, {});
    relayed += round.relayed;
    isMore = round.isMore;
  }
  return { relayed };
}
