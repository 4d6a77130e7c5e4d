import { z } from "zod";
import { defineAction, Invalid, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { listPatient } from "./list-patient.ts";
import { mayListByStudy } from "./list-study.policy.ts";
import { type KnownMeeting, meetingFacts } from "./meeting-facts.ts";

const words = (longest: number) => z.string().trim().max(longest).default("");

/** A member lists by their own word; who only builds the list says who asked (clinical page §4). */
function basisOf(tx: Tx, { part }: KnownMeeting, askedBy: string) {
  if (askedBy) return { basis: "request", basisWords: askedBy, referrer: askedBy } as const;
  if (part) return { basis: "member", basisWords: tx.actor.id, referrer: "" } as const;
  throw new Invalid("BASIS_MISSING", "Say who asked for this patient to be listed.");
}

/**
 * From a study that one reads, onto a meeting's list: by who builds it, or by a member's own act.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`, `MEETING_NOT_FOUND`
 * @throws {Invalid} `LISTED_ALREADY`, `MEETING_OVER`, `MEMBER_MUST_LIST`, `BASIS_MISSING`
 */
export const listStudy = defineAction({
  name: "mdt.list-study",
  input: z.object({ meetingId: z.uuid(), studyId: z.uuid(), question: words(2000), askedBy: words(200) }),
  policy: mayListByStudy,
  absent: Study.noSuchStudy,
  async load(tx, { meetingId, studyId }) {
    const facts = await Study.studyFacts(tx, studyId);
    return { ...facts, list: await meetingFacts(tx, meetingId) };
  },
  async run(tx, { studyId, question, askedBy }, { study, list }) {
    const { patientId, custodian } = study;
    const basis = basisOf(tx, list, askedBy);
    const said = { matchedHow: "study", source: "study", sourceId: studyId, question, ...basis } as const;
    const added = await listPatient(tx, list, { patientId, said });
    if (!added) throw Study.noSuchStudy();
    return { caseId: added.id, patientId, custodian, basis: basis.basis };
  },
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ meetingId, studyId }, done) => ({
      studyId,
      ...(done ? { patientId: done.patientId, custodian: done.custodian } : {}),
      detail: { meetingId, caseId: done?.caseId ?? null, basis: done?.basis ?? null },
    }),
  },
});
