import * as Access from "../access/index.ts";
import { NotFound, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findStudy, type StudyHead } from "./reading.store.ts";

export type { ReadingFacts } from "../access/index.ts";
export { Access };

export const noSuchStudy = () =>
  new NotFound("STUDY_NOT_FOUND", "There is no such study, or you may not see it.");

export type StudyFacts = Access.ReadingFacts & { study: StudyHead; record: Patient.RecordRow };

/** What the policy must know of a study, and the study itself: read once, in the action's transaction. */
export async function studyFacts(tx: Tx, studyId: string): Promise<StudyFacts> {
  const study = await findStudy(tx, studyId);
  if (!study) throw noSuchStudy();
  const records = await Patient.findRecordsOfPatient(tx, study.patientId);
  const record = records.find((one) => one.id === study.patientRecordId);
  if (!record) throw noSuchStudy();
  // What one trust marks sensitive is sensitive in all: the mark is the person's.
  const sensitivities = [...new Set(records.flatMap((one) => one.sensitivities))];
  const facts = await Access.readingFacts(tx, {
    custodian: study.custodian,
    patientId: study.patientId,
    sensitivities,
  });
  return { ...facts, study, record };
}
