import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { seriesFor } from "./list-series.ts";
import { mayListOwn } from "./mdt.policy.ts";
import { Day } from "./meeting.ts";
import { findKept } from "./readiness.store.ts";

/**
 * What audits of "imaging and reports available at the meeting" ask for, series by series, from what was kept when lists closed
 * and meetings began.
 */
export const readFigures = defineAction({
  name: "mdt.read-figures",
  input: z.object({ from: Day, to: Day }),
  policy: mayListOwn,
  load: async () => null,
  async run(tx, { from, to }) {
    const series = await seriesFor(tx);
    const kept = await findKept(tx, {
      seriesIds: series.map(({ id }) => id),
      from: new Date(from),
      to: new Date(Date.parse(to) + 86_400_000),
    });
    return series.map(({ id, name }): { seriesId: string; name: string; figures: Figures } => ({
      seriesId: id,
      name,
      figures: figuresOf(kept.filter(({ seriesId }) => seriesId === id)),
    }));
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { series: done?.length ?? 0 } }),
  },
});
