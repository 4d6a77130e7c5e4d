import { systemCtx } from "@weald/adapters";
import * as Study from "@weald/core/study";
import type { Context, ScheduledEvent } from "aws-lambda";

type After = Parameters<typeof Study.drawPictures>[1]["after"];

/** Draws the small pictures that are due, until none is left. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("draw-pictures", "timer", context.awsRequestId);
  let drawn = 0;
  for (let after: After, isMore = true; isMore; ) {
    const round = await Study.drawPictures(ctx, { after });
    drawn += round.drawn;
    after = round.next;
    isMore = after !== undefined;
  }
  return { drawn };
}
