import type { Rankable, Side } from "./rank-priors.ts";
import type { TimelineRow } from "./timeline.ts";

/** By coded sides alone: those of the images, else the request's. */
const sideOfRow = ({ side }: TimelineRow): Side =>
  side.images.length > 1 ? "B" : (side.images[0] ?? side.request);

export type RankedRow = Rankable & { row: TimelineRow };

/** A row as the ranking of priors takes it. */
export const rankableRow = (row: TimelineRow): RankedRow => ({
  studyId: row.studyId,
  regions: row.regions,
  side: sideOfRow(row),
  modalities: row.modalities,
  studyDate: row.studyDate,
  row,
});
