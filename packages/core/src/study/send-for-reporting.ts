import { z } from "zod";
import { defineAction, Invalid, NotFound } from "../kernel/index.ts";
import { Access, heldStudyFacts } from "./reading-access.ts";
import { maySendForReporting } from "./study.policy.ts";

const DAY = 86_400_000;
const MOST_DAYS = 60;

/**
 * Sends one study to somebody of another organisation to report (clinical page §19): they open this study, nothing else of the
 * patient, until the end. The same again moves the end.
 *
 * @throws {Invalid} `NOT_SHARED_WITH_THEM`: no agreement covers reporting by that organisation
 */
export const sendForReporting = defineAction({
  name: "study.send-for-reporting",
  purpose: "operations",
  input: z.object({
    studyId: z.uuid(),
    personId: z.string().trim().min(1).max(64),
    organisation: z.string().regex(/^[A-Z0-9]{3,6}$/),
    days: z.number().int().min(1).max(MOST_DAYS).default(14),
  }),
  policy: maySendForReporting,
  load: (tx, { studyId }) => heldStudyFacts(tx, studyId),
  async run(tx, { studyId, personId, organisation, days }, { study }) {
    const { custodian, patientId, patientRecordId } = study;
    if (!(await Access.isShared(tx, { custodian, organisation }, "images", "reporting")))
      throw new Invalid(
        "NOT_SHARED_WITH_THEM",
        "No agreement lets that organisation report your trust's images. Begin one first.",
      );
    const endsAt = new Date(tx.now.getTime() + days * DAY);
    const assignmentId = await Access.relate(tx, {
      ...{ patientId, patientRecordId, studyId, personId, organisation, endsAt },
      ...{ kind: "reporting", source: `sent ${studyId}`, isProvisional: false },
    });
    return { assignmentId, patientId, custodian, endsAt: endsAt.toISOString() };
  },
  after: async (_ctx, { assignmentId, endsAt }) => ({ assignmentId, endsAt }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, personId, organisation }, done) => ({
      studyId,
      detail: { to: personId, organisation },
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
    }),
  },
});

/** To whom a study is sent, now. */
export const listSent = defineAction({
  name: "study.list-sent",
  purpose: "operations",
  input: z.object({ studyId: z.uuid() }),
  policy: maySendForReporting,
  load: (tx, { studyId }) => heldStudyFacts(tx, studyId),
  async run(tx, { studyId }, { study: { patientId, custodian } }) {
    const found = await Access.assignmentsOf(tx, studyId, patientId);
    const sent = found.map(({ id, startsAt, endsAt, ...one }) => ({
      assignmentId: id,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      ...one,
    }));
    return { sent, patientId, custodian };
  },
  after: async (_ctx, { sent }) => sent,
  audit: {
    how: "coalesced",
    verb: "listed",
    subjects: ({ studyId }, done) => ({
      studyId,
      ...(done
        ? { patientId: done.patientId, custodian: done.custodian, detail: { rows: done.sent.length } }
        : {}),
    }),
  },
});

/**
 * Takes back what was sent: it closes with the next request.
 *
 * @throws {NotFound} `NOT_SENT`
 */
export const endSent = defineAction({
  name: "study.end-sent",
  purpose: "operations",
  input: z.object({ studyId: z.uuid(), assignmentId: z.uuid() }),
  policy: maySendForReporting,
  load: (tx, { studyId }) => heldStudyFacts(tx, studyId),
  async run(tx, { studyId, assignmentId }, { study: { patientId, custodian } }) {
    const found = await Access.assignmentsOf(tx, studyId, patientId);
    if (!found.some(({ id }) => id === assignmentId))
      throw new NotFound("NOT_SENT", "This study isn't sent to them. Load the page again.");
    await Access.endAssignment(tx, assignmentId);
    return { patientId, custodian };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ studyId, assignmentId }, done) => ({ studyId, ...done, detail: { assignmentId } }),
  },
});
