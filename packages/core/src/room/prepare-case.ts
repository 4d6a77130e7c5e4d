import { z } from "zod";
import { Conflict, defineAction, NotFound } from "../kernel/index.ts";
import { noSuchCase, PIN_KINDS } from "../mdt/index.ts";
import { createPin, findPreparations, keepReview, setPinned, setPrepared } from "./prepare.store.ts";
import { mayReviewCase } from "./room.policy.ts";
import { caseFacts } from "./room-facts.ts";
import { fix, studiesOf } from "./seen-studies.ts";

/**
 * Pins a key image, a prepared view or a series to a case, to be shown in the room. Sent twice, it is pinned once.
 *
 * @throws {Conflict} `STUDY_NOT_OF_CASE`
 */
export const pin = defineAction({
  name: "room.pin",
  input: z.object({
    caseId: z.uuid(),
    pinId: z.uuid(),
    studyId: z.uuid(),
    kind: z.enum(PIN_KINDS),
    /** The mark or the link's view; of a series, the series. */
    subjectId: z.uuid(),
    words: z.string().trim().max(200).default(""),
  }),
  policy: mayReviewCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { pinId, studyId, kind, subjectId, words }, { found }) {
    fix(await studiesOf(tx, found.patientId), [studyId]);
    const subject = kind === "series" ? { seriesId: subjectId } : { markId: subjectId };
    await createPin(tx, found, {
      ...{ id: pinId, studyId, kind, words, seriesId: undefined, markId: undefined },
      ...subject,
    });
    return { patientId: found.patientId };
  },
  after: async (_ctx, _done, { pinId }) => ({ pinId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, studyId, kind }, done) => ({ studyId, ...done, detail: { caseId, pinned: kind } }),
  },
});

/** Takes a pin off, or puts it back: nothing is deleted. */
export const unpin = defineAction({
  name: "room.unpin",
  input: z.object({ caseId: z.uuid(), pinId: z.uuid(), isBack: z.boolean().default(false) }),
  policy: mayReviewCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, pinId, isBack }, { found }) {
    if (!(await setPinned(tx, { pinId, caseId, isPinned: isBack })))
      throw new NotFound("PIN_NOT_FOUND", "There is no such pin on this case.");
    return { patientId: found.patientId };
  },
  after: async (_ctx, _done, { isBack }) => ({ isPinned: isBack }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, pinId, isBack }, done) => ({ ...done, detail: { caseId, pinId, isBack } }),
  },
});

/** Keeps one's own review of a case as it is written. Two windows of one person: the slower is given what stands. */
export const saveReview = defineAction({
  name: "room.save-review",
  input: z.object({
    caseId: z.uuid(),
    version: z.number().int().min(0),
    review: z.string().trim().max(8000),
  }),
  policy: mayReviewCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { caseId, version, review }, { found }) {
    const isKept = await keepReview(tx, found, { review, version });
    const own = (await findPreparations(tx, [caseId])).find(({ preparerId }) => preparerId === tx.actor.id);
    return {
      isKept,
      stands: { review: own?.review ?? "", version: own?.version ?? 0 },
      patientId: found.patientId,
    };
  },
  after: async (_ctx, { isKept, stands }) => ({ isKept, stands }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId }, done) => ({
      ...(done ? { patientId: done.patientId } : {}),
      detail: { caseId, isKept: done?.isKept ?? false },
    }),
  },
});

/**
 * The case is prepared, against the studies and reports as they stand now: a report that is amended after says so on the case.
 *
 * @throws {Conflict} `NOTHING_TO_PREPARE`, `STUDY_NOT_OF_CASE`
 */
export const markPrepared = defineAction({
  name: "room.mark-prepared",
  input: z.object({ caseId: z.uuid(), isPrepared: z.boolean(), studyIds: z.array(z.uuid()).max(100) }),
  policy: mayReviewCase,
  absent: noSuchCase,
  load: (tx, { caseId }) => caseFacts(tx, caseId),
  async run(tx, { isPrepared, studyIds }, { found }) {
    if (isPrepared && studyIds.length === 0)
      throw new Conflict("NOTHING_TO_PREPARE", "There is no study of this case that you can see yet.");
    const fixed = isPrepared ? fix(await studiesOf(tx, found.patientId), studyIds) : undefined;
    await setPrepared(tx, found, fixed);
    return { patientId: found.patientId };
  },
  after: async (_ctx, _done, { isPrepared }) => ({ isPrepared }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ caseId, isPrepared }, done) => ({ ...done, detail: { caseId, isPrepared } }),
  },
});
