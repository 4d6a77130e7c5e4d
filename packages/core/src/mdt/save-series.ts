import { z } from "zod";
import { Conflict, defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import { mayBeginSeries, mayListFor } from "./mdt.policy.ts";
import { bringMeetings, createSeries, updateSeries } from "./meeting.store.ts";
import { type Series, SeriesFields } from "./meeting.ts";
import { seriesFacts } from "./meeting-facts.ts";
import { dayIn, daysFrom, occurrenceOn } from "./occurrences.ts";

/** So many meetings stand ahead of a series. */
const AHEAD = 8;

/** Makes the next meetings of a series, and moves those that are still open to what it says now. */
export const bringAhead = (tx: Tx, series: Series): Promise<void> =>
  bringMeetings(
    tx,
    series,
    daysFrom(series, dayIn(series.zone, tx.now), AHEAD).map((day) => occurrenceOn(series, day)),
  );

/** A new series of meetings at one's own trust, with its next meetings. */
export const beginSeries = defineAction({
  name: "mdt.begin-series",
  input: SeriesFields,
  policy: mayBeginSeries,
  load: async () => null,
  async run(tx, fields) {
    const series = await createSeries(tx, organisationOf(tx.actor) ?? "", fields);
    await bringAhead(tx, series);
    return { seriesId: series.id };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: (_input, done) => ({ detail: { seriesId: done?.seriesId ?? null } }),
  },
});

/**
 * Changes a series; meetings that are published or over keep their times.
 *
 * @throws {Conflict} `SERIES_CHANGED`: somebody else changed it meanwhile
 */
export const editSeries = defineAction({
  name: "mdt.edit-series",
  input: z.object({ seriesId: z.uuid(), version: z.number().int(), fields: SeriesFields }),
  policy: mayListFor,
  load: (tx, { seriesId }) => seriesFacts(tx, seriesId),
  async run(tx, input) {
    const series = await updateSeries(tx, input);
    if (!series)
      throw new Conflict("SERIES_CHANGED", "Somebody else changed this series meanwhile. Load it again.");
    await bringAhead(tx, series);
    return { version: series.version };
  },
  audit: { how: "each", verb: "changed", subjects: ({ seriesId }) => ({ detail: { seriesId } }) },
});
