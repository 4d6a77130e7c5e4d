import { z } from "zod";
import { Conflict, defineAction } from "../kernel/index.ts";
import { OUTSIDE_STATES, PATHOLOGY_STATES } from "./case.ts";
import { mayListFor } from "./mdt.policy.ts";
import { Day } from "./meeting.ts";
import { caseFacts } from "./meeting-facts.ts";
import { changeOutside, insertOutside, insertPathology } from "./note.store.ts";

const words = (shortest: number, longest: number) => z.string().trim().min(shortest).max(longest);

/** Pathology as it was told, with its source; the newest counts. */
export const notePathology = defineAction({
  name: "mdt.note-pathology",
  input: z.object({
    caseId: z.uuid(),
    state: z.enum(PATHOLOGY_STATES),
    words: words(2, 1000),
    /** From where that is known. */
    source: words(2, 200),
    reportedOn: Day.nullish(),
  }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId: _, reportedOn, ...said }, { found }) {
    await insertPathology(tx, found, { ...said, reportedOn: reportedOn ?? undefined });
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, state }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, state },
    }),
  },
});

/** What another organisation holds and who was asked for it. */
export const noteOutside = defineAction({
  name: "mdt.note-outside",
  input: z.object({
    caseId: z.uuid(),
    heldBy: words(2, 120),
    what: words(2, 200),
    askedOf: words(2, 120),
    askedOn: Day,
  }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId: _, ...said }, { found }) {
    const outsideId = await insertOutside(tx, found, { ...said, state: "asked", said: "" });
    return { outsideId, patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({ ...(done ? { patientId: done.patientId } : {}), detail: { caseId } }),
  },
});

/** What became of it. @throws {Conflict} `LINE_CHANGED` */
export const changeOutsideLine = defineAction({
  name: "mdt.change-outside-line",
  input: z.object({
    caseId: z.uuid(),
    outsideId: z.uuid(),
    version: z.number().int(),
    state: z.enum(OUTSIDE_STATES),
    said: words(0, 400),
  }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, outsideId, version, state, said }, { found }) {
    if (!(await changeOutside(tx, { id: outsideId, caseId, version }, { state, said })))
      throw new Conflict("LINE_CHANGED", "Somebody else changed this line meanwhile. Look again.");
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, outsideId, state }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, outsideId, state },
    }),
  },
});
