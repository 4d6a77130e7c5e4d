import { systemCtx } from "@weald/adapters";
import * as Ingest from "@weald/core/ingest";
import type { Context, ScheduledEvent } from "aws-lambda";

/** So many transactions at most; the next timer goes on. */
const ROUNDS = 100;

/** Drives again what was left in the inbox, and lets go of how things came out that nobody asks for any more. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("sweep-inbox", "timer", context.awsRequestId);
  const swept = await Ingest.sweepInbox(ctx, {});
  let letGo = 0;
  for (let round = 0, isMore = true; isMore && round < ROUNDS; round += 1) {
    const gone: Awaited<ReturnType<typeof Ingest.letGoOfOutcomes>> = await Ingest.letGoOfOutcomes(ctx, {});
    letGo += gone.letGo;
    isMore = gone.isMore;
  }
  return { ...swept, letGo };
}
