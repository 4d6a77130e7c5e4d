import { systemCtx } from "@weald/adapters";
import * as Consent from "@weald/core/consent";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Sends the messages to patients that may leave now. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("send-messages", "timer", context.awsRequestId);
  return Consent.sendMessages(ctx, {});
}
