import { z } from "zod";
import { type Ctx, defineAction, WealdError } from "../kernel/index.ts";
import { foldSeries } from "../study/index.ts";
import { mayPack } from "./packing.policy.ts";
import { findToFold, noteFolded } from "./packing.store.ts";

const HOUR_MS = 60 * 60_000;
/** What comes late and what is corrected mostly does so within a day: until then rows stay, and nothing is folded in vain. */
const HOURS = 24;
const AGAIN_HOURS = 1;
const NOT_FOR_LONG: ReadonlySet<string> = new Set(["open", "not-packed", "picture-due"]);

const later = (from: Date, hours: number) => new Date(from.getTime() + hours * HOUR_MS);
export const foldTime = (packed: Date): Date => later(packed, HOURS);

const fold = defineAction({
  name: "packing.fold",
  input: z.object({ seriesId: z.uuid() }),
  policy: mayPack,
  load: async () => null,
  async run(tx, { seriesId }) {
    const why = await foldSeries(tx, seriesId);
    const foldAt = why !== undefined && NOT_FOR_LONG.has(why) ? later(tx.now, AGAIN_HOURS) : undefined;
    await noteFolded(tx, seriesId, { foldAt, why });
    return why;
  },
  audit: { how: "none" },
});

const putOff = defineAction({
  name: "packing.put-fold-off",
  input: z.object({ seriesId: z.uuid(), why: z.string() }),
  policy: mayPack,
  load: async () => null,
  run: (tx, { seriesId, why }) => noteFolded(tx, seriesId, { foldAt: foldTime(tx.now), why }),
  audit: { how: "none" },
});

type Round = { folded: number; failed: number; isMore: boolean };

async function foldOne(ctx: Ctx, seriesId: string, isMore: boolean): Promise<Round> {
  try {
    const why = await fold(ctx, { seriesId });
    const event = why ? "series.keeps-rows" : "series.folded";
    ctx.service.log({ level: "info", event, seriesId, ...(why ? { why } : {}) });
    return { folded: why ? 0 : 1, failed: 0, isMore };
  } catch (error) {
    const why = error instanceof WealdError ? error.code : "INTERNAL";
    ctx.service.log({ level: "error", event: "series.not-folded", seriesId, why });
    await putOff(ctx, { seriesId, why });
    return { folded: 0, failed: 1, isMore };
  }
}

/**
 * Folds the series whose pack was published a day ago: its instance rows go into blocks of its manifest, and whoever reads them is told the
 * same. In one transaction: killed anywhere it has not happened. What fails keeps its rows and is tried a day later. `isMore`: ask again.
 */
export const foldNext = defineAction({
  name: "packing.fold-next",
  input: z.object({}),
  policy: mayPack,
  load: async () => null,
  run: findToFold,
  after: async (ctx, due): Promise<Round> =>
    due ? foldOne(ctx, due.seriesId, due.isMore) : { folded: 0, failed: 0, isMore: false },
  audit: { how: "none" },
});
