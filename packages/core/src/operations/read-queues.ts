import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { type Ctx, defineAction } from "../kernel/index.ts";
import { mayWatchOperations } from "./operations.policy.ts";
import { ownTrust, watched } from "./watched.ts";

/** The region's queues, which all trusts share: how much waits, since when, and what nobody could handle. */
export const readQueues = defineAction({
  name: "operations.read-queues",
  input: z.object({}),
  policy: mayWatchOperations,
  load: async () => null,
  async run(tx) {
    const { count, oldest } = await Audit.countUntold(tx);
    const untold = { count, oldest: oldest?.toISOString() };
    return { custodian: ownTrust(tx), asOf: tx.now.toISOString(), untold };
  },
  audit: watched,
  async after(ctx: Ctx, done) {
    return { ...done, queues: await ctx.service.ports.queueGauge.depths() };
  },
});
