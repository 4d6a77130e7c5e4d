import * as Access from "../access/index.ts";
import { NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { findItems, findLink } from "./link.store.ts";
import type { Link } from "./link.ts";

export const noSuchPatient = () =>
  new NotFound("PATIENT_NOT_FOUND", "Your trust holds no record of this patient, or you may not see it.");
export const noSuchLink = () =>
  new NotFound("LINK_NOT_FOUND", "There is no such link, or it isn't your trust's.");

export type PatientSide = {
  organisation: string;
  reading: Access.ReadingFacts;
  record: Patient.RecordRow;
};

/** A patient as this person's own trust holds them. */
export async function patientSide(tx: Tx, patientId: string): Promise<PatientSide> {
  const organisation = organisationOf(tx.actor) ?? "";
  const records = await Patient.findRecordsOfPatient(tx, patientId);
  const record = records.find(({ custodian }) => custodian === organisation);
  if (!record) throw noSuchPatient();
  const held = { custodian: organisation, patientId, studyId: undefined };
  return { organisation, record, reading: await Access.readingFacts(tx, held) };
}

export type LinkSide = PatientSide & { link: Link; isIssuer: boolean };

/** A link, of whoever's trust it is. */
export async function linkSide(tx: Tx, linkId: string): Promise<LinkSide> {
  const link = await findLink(tx, linkId);
  if (!link || link.organisation !== organisationOf(tx.actor)) throw noSuchLink();
  return { ...(await patientSide(tx, link.patientId)), link, isIssuer: link.issuedBy === tx.actor.id };
}

export type SharedStudies = { studies: readonly Study.StudyFacts[] };

/** Studies that are to go out together. */
export async function sharedStudies(tx: Tx, studyIds: readonly string[]): Promise<SharedStudies> {
  const studies: Study.StudyFacts[] = [];
  for (const studyId of studyIds) studies.push(await Study.studyFacts(tx, studyId));
  return { studies };
}

/** The studies of a link as they are held now: one that is not served, or is another patient's, isn't among them. */
export async function studiesOfLink(tx: Tx, link: Link): Promise<Study.StudyFacts[]> {
  const items = (await findItems(tx, [link.id])).get(link.id) ?? [];
  const studies: Study.StudyFacts[] = [];
  for (const studyId of new Set(items.map((item) => item.studyId))) {
    const facts = await heldStudy(tx, studyId);
    if (facts && isOfLink(facts, link)) studies.push(facts);
  }
  return studies;
}

const unlessAbsent = (error: unknown): undefined => {
  if (error instanceof NotFound) return undefined;
  throw error;
};

/** `undefined` where nobody holds it any more. */
export const heldStudy = (tx: Tx, studyId: string): Promise<Study.StudyFacts | undefined> =>
  Study.studyFacts(tx, studyId).catch(unlessAbsent);

/** A study that was moved to another patient is shown by no link of the first. */
export const isOfLink = ({ study }: Study.StudyFacts, { patientId, organisation }: Link): boolean =>
  study.patientId === patientId && study.custodian === organisation;
