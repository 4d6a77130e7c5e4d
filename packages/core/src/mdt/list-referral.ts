import { z } from "zod";
import { namesOf } from "../identity/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Referral from "../referral/index.ts";
import * as Study from "../study/index.ts";
import { decideStudy } from "./case-parts.store.ts";
import { listPatient } from "./list-patient.ts";
import { mayListByReferral } from "./list-study.policy.ts";
import { meetingFacts } from "./meeting-facts.ts";

/**
 * From a referral that one received, onto a meeting's list: the study that it is about is current, and the priors that were sent
 * with it count. The referral is the basis.
 *
 * @throws {NotFound} `REFERRAL_NOT_FOUND`, `MEETING_NOT_FOUND` @throws {Invalid} `LISTED_ALREADY`, `MEETING_OVER`, `MEMBER_MUST_LIST`
 */
export const listReferral = defineAction({
  name: "mdt.list-referral",
  input: z.object({
    meetingId: z.uuid(),
    referralId: z.uuid(),
    question: z.string().trim().max(2000).default(""),
  }),
  policy: mayListByReferral,
  absent: Referral.noSuchReferral,
  async load(tx, { meetingId, referralId }) {
    const { referral, ...stands } = await Referral.referralFacts(tx, referralId);
    const facts = await Study.studyFacts(tx, referral.studyId);
    return { ...facts, ...stands, referral, list: await meetingFacts(tx, meetingId) };
  },
  async run(tx, { question }, { referral, list }) {
    const { id: referralId, patientId, personId, studyId, priorIds } = referral;
    const referrer = (await namesOf(tx, [personId])).get(personId) ?? personId;
    const said = {
      matchedHow: "referral",
      source: "referral",
      sourceId: referralId,
      basis: "referral",
      basisWords: referrer,
      referrer,
      question: question || referral.question,
    } as const;
    const added = await listPatient(tx, list, { patientId, said });
    if (!added) throw Referral.noSuchReferral();
    await decideStudy(tx, added, { studyId, part: "current" });
    for (const prior of priorIds) await decideStudy(tx, added, { studyId: prior, part: "prior" });
    return { caseId: added.id, patientId, studyId };
  },
  after: async (_ctx, { caseId }) => ({ caseId }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, referralId }, done) => ({
      ...(done ? { patientId: done.patientId, studyId: done.studyId } : {}),
      detail: { meetingId, referralId, caseId: done?.caseId ?? null, basis: "referral" },
    }),
  },
});
