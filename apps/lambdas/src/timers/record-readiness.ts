import { systemCtx } from "@weald/adapters";
import * as Mdt from "@weald/core/mdt";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Keeps how ready each case was when its list closed and when its meeting began. One meeting a transaction. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("record-readiness", "timer", context.awsRequestId);
  let recorded = 0;
  for (let last = 1; last > 0; ) {
    ({ recorded: last } = await Mdt.recordReadiness(ctx, {}));
    recorded += last;
  }
  return { recorded };
}
