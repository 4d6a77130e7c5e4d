import { z } from "zod";
import { defineAction } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { answeredBy } from "./answered-by.ts";
import { endAsks } from "./ask.store.ts";
import { findCasesByIds, findCasesOfPatients } from "./case.store.ts";
import { gather } from "./gather.ts";
import { maySystem } from "./mdt.policy.ts";
import { findMeetingsByIds } from "./meeting.store.ts";

/**
 * A study has images or a report that it had not: requests for what is there now end, so that nobody is reminded of it. Pages see
 * the study itself by their cursor. Heard any number of times it comes to the same.
 */
export const hearChange = defineAction({
  name: "mdt.hear-change",
  input: z.object({ studyId: z.uuid() }),
  policy: maySystem,
  load: async () => null,
  async run(tx, { studyId }) {
    const study = await Study.findHeldStudy(tx, studyId);
    if (!study) return { ended: 0, patientId: undefined };
    const lists = await findCasesOfPatients(tx, [study.patientId], tx.now);
    const cases = await findCasesByIds(
      tx,
      lists.map(({ id }) => id),
    );
    const meetings = await findMeetingsByIds(
      tx,
      lists.map(({ meetingId }) => meetingId),
    );
    const { cases: gathered } = await gather(tx, cases, meetings);
    const ended = gathered.flatMap(answeredBy);
    if (ended.length > 0) await endAsks(tx, ended, "no-longer-missing");
    return { ended: ended.length, patientId: study.patientId };
  },
  audit: {
    how: "each",
    verb: "told",
    // A study that nobody's list waits for is no news to anybody.
    subjects: ({ studyId }, done) =>
      done && done.ended === 0
        ? []
        : {
            studyId,
            ...(done?.patientId ? { patientId: done.patientId } : {}),
            detail: { ended: done?.ended ?? 0 },
          },
  },
});
