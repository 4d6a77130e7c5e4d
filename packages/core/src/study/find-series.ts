import { defineAction } from "../kernel/index.ts";
import { isByNumber } from "./by-number.ts";
import { auditOf, find, readQuery, SeriesAsked } from "./find.ts";
import { mayFind } from "./study.policy.ts";

/**
 * The series that match and that the actor may open.
 *
 * @throws {Invalid} with a code of `queryRefusalCodes`
 * @see DICOM PS3.18 §10.6
 */
export const findSeries = defineAction({
  name: "study.find-series",
  input: SeriesAsked,
  policy: mayFind,
  isPlannedOnce: isByNumber("series"),
  load: async (_tx, asked) => ({ query: readQuery(asked, "series") }),
  run: (tx, asked, { query }) => find(tx, asked, "series", query),
  audit: { how: "each", verb: "listed", subjects: (asked, done) => auditOf("series", asked, done) },
});
