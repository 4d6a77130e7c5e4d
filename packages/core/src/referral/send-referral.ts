import { z } from "zod";
import * as Access from "../access/index.ts";
import * as Identity from "../identity/index.ts";
import { defineAction, Invalid, organisationOf, type Tx } from "../kernel/index.ts";
import * as Study from "../study/index.ts";
import { mayRefer } from "./referral.policy.ts";
import { findReferral, insertReferral } from "./referral.store.ts";
import { LONGEST_DAYS, MOST_PRIORS, Question, type Referral, URGENCIES, USUAL_DAYS } from "./referral.ts";
import { audited, noSuchReferral, sourceOf } from "./referral-facts.ts";

const DAY = 86_400_000;

const Input = z.object({
  /** Made by the sender's window: sent twice, it is one referral. */
  referralId: z.uuid(),
  studyId: z.uuid(),
  toPersonId: z.string().min(1).max(64),
  service: z.string().trim().max(80).default(""),
  question: Question,
  urgency: z.enum(URGENCIES).default("routine"),
  priorIds: z.array(z.uuid()).max(MOST_PRIORS).default([]),
  days: z.number().int().min(1).max(LONGEST_DAYS).default(USUAL_DAYS),
});
type Input = z.output<typeof Input>;

async function receiverOf(tx: Tx, toPersonId: string) {
  if (toPersonId === tx.actor.id)
    throw new Invalid("RECEIVER_IS_SENDER", "A referral goes to somebody else.");
  const receiver = await Identity.findAdviser(tx, toPersonId);
  if (!receiver)
    throw new Invalid("PERSON_UNKNOWN", "Nobody of that user id is known here who reports or treats.");
  return receiver;
}

/** What goes with it is of the same patient, and the sender may read it. */
async function checkPriors(tx: Tx, { priorIds }: Input, { study }: Study.StudyFacts): Promise<void> {
  for (const priorId of priorIds) {
    const prior = await Study.studyFacts(tx, priorId);
    if (prior.study.patientId !== study.patientId || !Access.decideReading(tx.actor, prior).allowed)
      throw new Invalid(
        "PRIOR_OF_ANOTHER",
        "A prior that was chosen isn't this patient's, or isn't yours to see.",
      );
  }
}

/** The same again, of the same window: as it was made. Anybody else's stays theirs. */
async function madeBefore(tx: Tx, { referralId, studyId }: Input): Promise<Referral> {
  const known = await findReferral(tx, referralId);
  if (known?.personId !== tx.actor.id || known.studyId !== studyId) throw noSuchReferral();
  return known;
}

/**
 * Asks a named professional about a study, for direct care (clinical page §10): it opens the patient's record to them until its
 * end, and says what is asked, and with which priors.
 *
 * @throws {NotFound} `STUDY_NOT_FOUND`, `REFERRAL_NOT_FOUND` where that id is another's
 * @throws {Invalid} `PERSON_UNKNOWN`, `RECEIVER_IS_SENDER`, `PRIOR_OF_ANOTHER`
 */
export const sendReferral = defineAction({
  name: "referral.send",
  purpose: "direct-care",
  input: Input,
  policy: mayRefer,
  absent: Study.noSuchStudy,
  load: (tx, { studyId }) => Study.studyFacts(tx, studyId),
  async run(tx, input, facts) {
    const receiver = await receiverOf(tx, input.toPersonId);
    await checkPriors(tx, input, facts);
    const { referralId: id, toPersonId, service, question, urgency, priorIds, days, studyId } = input;
    const { patientId, patientRecordId } = facts.study;
    const endsAt = new Date(tx.now.getTime() + days * DAY);
    const referral = {
      ...{ id, personId: tx.actor.id, organisation: organisationOf(tx.actor) ?? "" },
      ...{ toPersonId, toOrganisation: receiver.organisation, service, question, urgency },
      ...{ studyId, priorIds, patientId, patientRecordId, endsAt },
    };
    if (!(await insertReferral(tx, referral))) return madeBefore(tx, input);
    await Access.relateExactly(tx, sourceOf(referral), [
      { patientId, patientRecordId, personId: toPersonId, endsAt },
    ]);
    return (await findReferral(tx, id)) ?? madeBefore(tx, input);
  },
  after: async (_ctx, { id, endsAt }) => ({ referralId: id, endsAt: endsAt.toISOString() }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ referralId, studyId, toPersonId }, done) => ({
      ...(done ? audited(done) : { studyId }),
      detail: { referralId, toPersonId },
    }),
  },
});
