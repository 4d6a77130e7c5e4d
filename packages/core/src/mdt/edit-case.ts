import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { changeCase } from "./case.store.ts";
import { DetailsFields, PeopleFields, PlaceFields, QuestionFields } from "./case.ts";
import { mayListFor } from "./mdt.policy.ts";
import { caseFacts } from "./meeting-facts.ts";

const of = { caseId: z.uuid(), version: z.number().int() };
const Change = z.discriminatedUnion("group", [
  z.object({ ...of, group: z.literal("question"), fields: QuestionFields }),
  z.object({ ...of, group: z.literal("details"), fields: DetailsFields }),
  z.object({ ...of, group: z.literal("place"), fields: PlaceFields }),
  z.object({ ...of, group: z.literal("people"), fields: PeopleFields }),
]);

/** As columns hold it: what was left out is nothing. */
function storedOf(change: z.output<typeof Change>) {
  if (change.group === "details") {
    const { targetDate, procedure, side, ...rest } = change.fields;
    return {
      ...{ ...rest, targetDate: targetDate ? new Date(targetDate) : null },
      ...(procedure === undefined ? {} : { procedure }),
      ...(side === undefined ? {} : { side }),
    };
  }
  if (change.group === "people") {
    const { presenterId, radiologistId, site } = change.fields;
    return { site, presenterId: presenterId ?? null, radiologistId: radiologistId ?? null };
  }
  return change.fields;
}

/**
 * Changes one group of a case's fields, as it was read: where somebody else was first nothing is overwritten, and the page shows
 * both.
 *
 * @throws {NotFound} `CASE_NOT_FOUND` @throws {Conflict} `CASE_CHANGED`
 */
export const editCase = defineAction({
  name: "mdt.edit-case",
  input: Change,
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, change, { found }) {
    const { caseId, group, version } = change;
    if (!(await changeCase(tx, { caseId, group, version, change: storedOf(change) })))
      throw new Conflict(
        "CASE_CHANGED",
        "Somebody else changed this meanwhile. Theirs stands; yours is kept here.",
      );
    return { caseId, patientId: found.patientId, version: version + 1 };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, group }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, group },
    }),
  },
});
