import { Conflict, Invalid, NotFound, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import type { CorrectingFacts } from "./correction.policy.ts";
import { isReported } from "./correction.store.ts";
import type { Asked } from "./correction.ts";

/** What a correction is judged by and works with, read once. */
export type Facts = CorrectingFacts & {
  study: Study.StudyFacts["study"];
  record: Patient.RecordRow;
  /** Whose the study, or the part of it, is to be. */
  to: Patient.RecordRow | undefined;
  /** The study into which a part is to go. */
  into: Study.StudyFacts["study"] | undefined;
};

/** The chosen person as this trust knows them: an image needs a local number of the trust that holds it. */
async function recordIn(tx: Tx, custodian: string, patientId: string): Promise<Patient.RecordRow> {
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const own = records.find((record) => record.custodian === custodian);
  if (own) return Patient.survivorOf(tx, own);
  throw new Invalid(
    "NO_RECORD_HERE",
    "This patient has no number in your trust. Images can only be moved to a patient whom your trust knows.",
  );
}

type Goal = Pick<Facts, "to" | "into"> & { sensitivities: readonly string[] };

async function sensitivitiesOf(tx: Tx, patientId: string): Promise<string[]> {
  return (await Patient.findRecordsOfPatient(tx, patientId)).flatMap((record) => record.sensitivities);
}

async function goalOf(tx: Tx, asked: Asked, custodian: string): Promise<Goal> {
  const chosen = asked.kind === "move" ? asked : asked.kind === "split" ? asked.into : undefined;
  if (!chosen) return { to: undefined, into: undefined, sensitivities: [] };
  if (asked.kind === "split" && "studyId" in asked.into) {
    const facts = await Study.heldStudyFacts(tx, asked.into.studyId);
    if (facts.study.custodian !== custodian) throw Study.noSuchStudy();
    return { to: facts.record, into: facts.study, sensitivities: facts.sensitivities };
  }
  const patientId = "patientId" in chosen ? chosen.patientId : "";
  const to = await recordIn(tx, custodian, patientId);
  return { to, into: undefined, sensitivities: await sensitivitiesOf(tx, patientId) };
}

/** Of a study that is served or not: what is withheld is exactly what waits to be put right. */
export async function correctingFacts(tx: Tx, asked: Asked): Promise<Facts> {
  const held = await Study.heldStudyFacts(tx, asked.studyId);
  const goal = await goalOf(tx, asked, held.study.custodian);
  return {
    custodian: held.study.custodian,
    study: held.study,
    record: held.record,
    to: goal.to,
    into: goal.into,
    isOwnRecord: held.isOwnRecord,
    sensitivities: [...new Set([...held.sensitivities, ...goal.sensitivities])],
  };
}

/** Writers of the studies that are touched wait for each other, in one order. */
export async function lockStudies(tx: Tx, facts: Facts): Promise<void> {
  const uids = [facts.study.studyInstanceUid, ...(facts.into ? [facts.into.studyInstanceUid] : [])].sort();
  for (const uid of uids) await Study.lockStudy(tx, facts.custodian, uid);
}

export const targetOf = (asked: Asked): Study.Target => ({
  studyId: asked.studyId,
  level: asked.kind === "move" ? "study" : asked.level,
  ids: asked.kind === "move" ? [] : asked.ids,
});

/** The served instances of which it is asked. Every id must name something of this study that is served. */
export async function referencesOf(tx: Tx, asked: Asked): Promise<Study.Reference[]> {
  const target = targetOf(asked);
  const references = await Study.findReferences(tx, target);
  if (references.length === 0)
    throw new Conflict(
      "NOTHING_SERVED",
      "Nothing of this is shown any more: it was rejected or moved already.",
    );
  if (target.level === "study") return references;
  const found = new Set(references.map((one) => (target.level === "series" ? one.seriesId : one.instanceId)));
  if (target.ids.length === 0 || target.ids.some((id) => !found.has(id)))
    throw new NotFound(
      "NOT_IN_STUDY",
      "Something that you chose is not in this study any more. Open it again.",
    );
  return references;
}

/** A whole reported study takes a second person: so does taking out all of it in parts. */
export async function takesSecond(
  tx: Tx,
  asked: Asked,
  references: readonly Study.Reference[],
): Promise<boolean> {
  if (asked.kind === "correct" || !(await isReported(tx, asked.studyId))) return false;
  return references.length === (await Study.countServed(tx, asked.studyId));
}
