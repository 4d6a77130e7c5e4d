import { parseQuery, type QueryLevel } from "@weald/dicom";
import type { z } from "zod";
import type { InstancesAsked } from "./find.ts";

/** PatientID, AccessionNumber and the three UIDs: few studies have the same, and each is found by an index of its own. */
const NUMBERS: ReadonlySet<string | undefined> = new Set([
  "00100020",
  "00080050",
  "0020000D",
  "0020000E",
  "00080018",
]);
/** Of these one finds ten and the next all. */
const PATTERNS: ReadonlySet<string> = new Set(["like", "name", "words"]);

function matchesOf(parameters: z.output<typeof InstancesAsked>["parameters"], level: QueryLevel) {
  try {
    return parseQuery(parameters, level).matches;
  } catch {
    // The action itself says what is wrong.
    return [];
  }
}

/** Whether a search is by a number or UID, whichever that is, with no pattern beside it. */
export const isByNumber =
  (level: QueryLevel) =>
  (asked: z.output<typeof InstancesAsked>): boolean => {
    const matches = matchesOf(asked.parameters, level);
    if (matches.some(({ test }) => PATTERNS.has(test.kind))) return false;
    if (asked.studyInstanceUid ?? asked.seriesInstanceUid) return true;
    return matches.some(
      ({ path: [tag, ...below], test }) => below.length === 0 && NUMBERS.has(tag) && test.kind === "any",
    );
  };
