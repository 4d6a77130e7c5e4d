import type { Ctx } from "@weald/core/kernel";
import * as Takeout from "@weald/core/takeout";
import type { TakeoutApi } from "../export/index.ts";

/** Taking out without the portal between: the same actions, called by the same actor. */
export const inProcessTakeout = (ctx: Ctx): TakeoutApi => ({
  listRecords: (whose, after) => Takeout.listRecords(ctx, { whose, after }),
  readRecord: (whose, recordId) => Takeout.readRecord(ctx, { whose, recordId }),
  signStudy: (asked) => Takeout.signStudy(ctx, asked),
  readEvents: (asked) => Takeout.readEvents(ctx, asked),
  signMessages: (whose, recordId) => Takeout.signMessages(ctx, { whose, recordId }),
});
