import * as Access from "../access/index.ts";
import { Conflict, NotFound, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findHeldStudy, findStudy, type StudyHead } from "./reading.store.ts";

export type { ReadingFacts } from "../access/index.ts";
export { Access };

export const noSuchStudy = () =>
  new NotFound("STUDY_NOT_FOUND", "There is no such study, or you may not see it.");

/** Whoever holds what was served before must let go of it, and open the study again. */
export const corrected = () =>
  new Conflict("STUDY_CORRECTED", "This study was corrected since you opened it. Open it again.");

export type StudyFacts = Access.ReadingFacts & { study: StudyHead; record: Patient.RecordRow };

/** What the policy must know of a study, and the study itself: read once, in the action's transaction. */
export async function studyFacts(tx: Tx, studyId: string, kind?: Access.Kind): Promise<StudyFacts> {
  return factsOf(tx, await findStudy(tx, studyId), kind);
}

/** The same for who corrects: also of what is rejected or withheld. */
export async function heldStudyFacts(tx: Tx, studyId: string): Promise<StudyFacts> {
  return factsOf(tx, await findHeldStudy(tx, studyId));
}

async function factsOf(tx: Tx, study: StudyHead | undefined, kind?: Access.Kind): Promise<StudyFacts> {
  if (!study) throw noSuchStudy();
  const records = await Patient.findRecordsOfPatient(tx, study.patientId);
  const record = records.find((one) => one.id === study.patientRecordId);
  if (!record) throw noSuchStudy();
  const { custodian, patientId, id: studyId, modalities, bodyParts } = study;
  const held = { custodian, patientId, studyId, modalities, bodyParts };
  return { ...(await Access.readingFacts(tx, held, kind)), study, record };
}
