import { systemCtx } from "@weald/adapters";
import * as Ingest from "@weald/core/ingest";
import type { Context, ScheduledEvent } from "aws-lambda";

/** Drives again what was left in the inbox. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("sweep-inbox", "timer", context.awsRequestId);
  return Ingest.sweepInbox(ctx, {});
}
