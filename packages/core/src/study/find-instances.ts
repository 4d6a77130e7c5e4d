import { defineAction } from "../kernel/index.ts";
import { isByNumber } from "./by-number.ts";
import { auditOf, find, InstancesAsked, readQuery } from "./find.ts";
import { mayFind } from "./study.policy.ts";

/**
 * The instances that match and that the actor may open.
 *
 * @throws {Invalid} with a code of `queryRefusalCodes`
 * @see DICOM PS3.18 §10.6
 */
export const findInstances = defineAction({
  name: "study.find-instances",
  input: InstancesAsked,
  policy: mayFind,
  isPlannedOnce: isByNumber("instance"),
  load: async (_tx, asked) => ({ query: readQuery(asked, "instance") }),
  run: (tx, asked, { query }) => find(tx, asked, "instance", query),
  audit: { how: "each", verb: "listed", subjects: (asked, done) => auditOf("instance", asked, done) },
});
