import { z } from "zod";
import { defineAction, Invalid, NotFound, organisationOf } from "../kernel/index.ts";
import { endMarks, findMark, marksOf, marksOfRecord, writeMark } from "./mark.store.ts";
import { mayRestrict } from "./patient.policy.ts";
import { findRecord, findRecordsByIds, setSensitivities } from "./patient.store.ts";
import { SENSITIVITIES } from "./sensitivity.ts";

const MOST = 500;
const reason = z.string().trim().min(3).max(500);

/**
 * Marks what a patient of one's own trust is, and why. From then on the whole record opens only as the access policy says, in
 * every trust. A mark never ends by itself: by `reviewBy` somebody looks at it again.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 * @throws {Invalid} `REVIEW_IS_PAST`
 */
export const markRecord = defineAction({
  name: "patient.mark-record",
  purpose: "operations",
  input: z.object({
    localNumber: z.string().trim().min(1).max(64),
    class: z.enum(SENSITIVITIES),
    reason,
    reviewBy: z.iso.date().nullish(),
  }),
  policy: mayRestrict,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { localNumber, class: kind, reason, reviewBy }, { custodian }) {
    const record = await findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    const review = reviewBy ? new Date(reviewBy) : null;
    if (review && review < tx.now) throw new Invalid("REVIEW_IS_PAST", "That day is over already.");
    const markId = await writeMark(tx, {
      ...{ patientRecordId: record.id, custodian, class: kind, reason, reviewBy: review },
    });
    await setSensitivities(tx, record.id, [...new Set([...record.sensitivities, kind])]);
    return { markId, patientId: record.patientId, custodian };
  },
  after: async (_ctx, { markId }) => ({ markId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ class: kind }, done) => ({
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { class: kind, ...(done ? { markId: done.markId } : {}) },
    }),
  },
});

/** What one's own trust has marked, what is due to be looked at again first. */
export const listMarks = defineAction({
  name: "patient.list-marks",
  purpose: "operations",
  input: z.object({}),
  policy: mayRestrict,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, _input, { custodian }) {
    const marks = await marksOf(tx, custodian, MOST);
    const records = await findRecordsByIds(tx, [
      ...new Set(marks.map(({ patientRecordId }) => patientRecordId)),
    ]);
    return marks.map(({ id, patientRecordId, markedAt, reviewBy, ...mark }) => ({
      ...mark,
      markId: id,
      markedAt: markedAt.toISOString(),
      reviewBy: reviewBy?.toISOString().slice(0, 10),
      isDue: reviewBy !== null && reviewBy <= tx.now,
      patient: records.find((record) => record.id === patientRecordId)?.identity,
    }));
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.length ?? 0 } }),
  },
});

/**
 * Takes a mark away, for a reason. What another mark of the same class holds stays marked.
 *
 * @throws {NotFound} `MARK_NOT_FOUND`
 */
export const endMark = defineAction({
  name: "patient.end-mark",
  purpose: "operations",
  input: z.object({ markId: z.uuid(), reason }),
  policy: mayRestrict,
  async load(tx, { markId }) {
    const mark = await findMark(tx, markId);
    if (!mark) throw new NotFound("MARK_NOT_FOUND", "There is no such mark. Load the page again.");
    return { custodian: mark.custodian, mark };
  },
  async run(tx, { markId, reason }, { mark, custodian }) {
    await endMarks(tx, [markId], reason);
    const [record] = await findRecordsByIds(tx, [mark.patientRecordId]);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    const left = await marksOfRecord(tx, record.id);
    if (!left.some((one) => one.class === mark.class))
      await setSensitivities(
        tx,
        record.id,
        record.sensitivities.filter((one) => one !== mark.class),
      );
    return { patientId: record.patientId, custodian, class: mark.class };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ markId }, done) => ({
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { markId, ...(done ? { class: done.class } : {}) },
    }),
  },
});
