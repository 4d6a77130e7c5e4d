import { systemCtx } from "@weald/adapters";
import * as Audit from "@weald/core/audit";
import type { Ctx } from "@weald/core/kernel";
import type { Context, ScheduledEvent } from "aws-lambda";

async function mergeAll(ctx: Ctx): Promise<void> {
  for (let after: string | undefined = ""; after !== undefined; )
    ({ next: after } = await Audit.mergeSpool(ctx, { after }));
}

async function sealAll(ctx: Ctx): Promise<void> {
  for (let isMore = true; isMore; ) ({ isMore } = await Audit.sealRows(ctx, {}));
}

/** Brings in what was spooled, counts unreported fetches as displayed, then seals. One that fails doesn't stop the next. */
export async function handler(_event: ScheduledEvent, context: Context) {
  const ctx = await systemCtx("keep-audit", "timer", context.awsRequestId);
  const failed: unknown[] = [];
  for (const work of [mergeAll, (one: Ctx) => Audit.presumeDisplayed(one, {}), sealAll])
    await work(ctx).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
  return { kept: true };
}
