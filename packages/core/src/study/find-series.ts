import { defineAction } from "../kernel/index.ts";
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
  load: async (_tx, asked) => ({ query: readQuery(asked, "series") }),
  run: (tx, asked, { query }) => find(tx, asked, "series", query),
  audit: { how: "each", verb: "listed", subjects: (asked, done) => auditOf("series", asked, done) },
});
