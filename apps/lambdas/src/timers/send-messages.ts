import { systemCtx } from "@weald/adapters";
import * as Consent from "@weald/core/consent";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Sends the messages to patients that may leave now, and looks at whose access to somebody else's record is due for review. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("send-messages", "timer", context.awsRequestId);
  for (let after: string | undefined, isFirst = true; isFirst || after; isFirst = false) {
    const round: Awaited<ReturnType<typeof Consent.keepProxies>> = await Consent.keepProxies(
      ctx,
      after ? { after } : {},
    );
    after = round.next;
  }
  return Consent.sendMessages(ctx, {});
}
