import { systemCtx } from "@weald/adapters";
import * as Mdt from "@weald/core/mdt";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Tells members of meetings of what they are asked. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("tell-asked", "timer", context.awsRequestId);
  return Mdt.tellAsked(ctx, {});
}
