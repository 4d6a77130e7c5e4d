import { defineAction } from "../kernel/index.ts";
import { isByNumber } from "./by-number.ts";
import { auditOf, find, readQuery, StudiesAsked } from "./find.ts";
import { mayFind } from "./study.policy.ts";

/**
 * The studies that match and that the actor may open.
 *
 * @throws {Invalid} with a code of `queryRefusalCodes`
 * @see DICOM PS3.18 §10.6
 */
export const findStudies = defineAction({
  name: "study.find-studies",
  input: StudiesAsked,
  policy: mayFind,
  isPlannedOnce: isByNumber("study"),
  load: async (_tx, asked) => ({ query: readQuery(asked, "study") }),
  run: (tx, asked, { query }) => find(tx, asked, "study", query),
  audit: { how: "each", verb: "listed", subjects: (asked, done) => auditOf("study", asked, done) },
});
