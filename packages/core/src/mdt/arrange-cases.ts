import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import { findCases, orderCases, setCaseState } from "./case.store.ts";
import { mayListFor } from "./mdt.policy.ts";
import { lockMeeting } from "./meeting.store.ts";
import { caseFacts, casesFacts } from "./meeting-facts.ts";
import { relateCases } from "./relate-cases.ts";

/** Moves a case to a place in the order. Whoever moves another at once moves it in the order that came of this. */
export const moveCase = defineAction({
  name: "mdt.move-case",
  input: z.object({ meetingId: z.uuid(), caseId: z.uuid(), to: z.number().int().min(1).max(500) }),
  policy: mayListFor,
  load: (tx, { meetingId, caseId }) => casesFacts(tx, meetingId, [caseId]),
  async run(tx, { meetingId, caseId, to }) {
    await lockMeeting(tx, meetingId);
    const others = (await findCases(tx, [meetingId])).map(({ id }) => id).filter((id) => id !== caseId);
    await orderCases(tx, meetingId, others.toSpliced(to - 1, 0, caseId));
    return { caseId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, caseId }) => ({ detail: { meetingId, caseId } }),
  },
});

/** Takes a case off the list, with a reason, or puts it back where it was. Nothing of it is deleted. */
export const setListed = defineAction({
  name: "mdt.set-listed",
  input: z.object({
    caseId: z.uuid(),
    isListed: z.boolean(),
    reason: z.string().trim().max(400).default(""),
  }),
  policy: mayListFor,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, isListed, reason }, { found, meeting, members }) {
    const state = isListed ? "listed" : "removed";
    await setCaseState(tx, caseId, { state, reason });
    await relateCases(tx, { meeting, members }, [{ ...found, state }]);
    return { patientId: found.patientId };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, isListed }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, isListed },
    }),
  },
});
