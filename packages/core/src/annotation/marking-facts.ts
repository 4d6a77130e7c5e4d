import { NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { isReadIn } from "./mark.store.ts";
import { isScreening } from "./screening.ts";
import type { Reading } from "./visible.ts";

export const noSuchMark = () =>
  new NotFound("MARK_NOT_FOUND", "There is no such mark, or you may not see it.");

/** What of a study says how it came about. */
type Origins = Pick<
  Study.StudyFacts["study"],
  "id" | "custodian" | "accessionNumber" | "accessionIssuer" | "patientId" | "site"
>;

/** Codes of the request and of the images; sites and stations that sent them. */
async function originOf(tx: Tx, study: Origins) {
  const { id, custodian, accessionNumber, accessionIssuer: issuer, patientId, site } = study;
  const said = await Study.findOrigin(tx, id);
  const request = accessionNumber
    ? await Request.findRequest(tx, { custodian, accessionNumber, issuer, patientId })
    : undefined;
  return {
    custodian,
    codes: [...said.codes, ...(request ? [request.procedureCode] : [])],
    sites: [...said.sites, ...(site ? [site] : [])],
    stations: said.stations,
  };
}

/** Whether a study is screening: others' marks, views, presence and time reach nobody before their own read is in. */
export async function isScreeningStudy(tx: Tx, facts: Study.StudyFacts): Promise<boolean> {
  return isScreening(await originOf(tx, facts.study));
}

/** Whether nothing of other readers reaches this one yet: it is read blind, and their own read isn't in. */
export async function isReadBlind(tx: Tx, study: Origins): Promise<boolean> {
  return isScreening(await originOf(tx, study)) && !(await isReadIn(tx, study.id, tx.actor.id));
}

export async function readingOf(tx: Tx, facts: Study.StudyFacts): Promise<Reading> {
  if (!(await isScreeningStudy(tx, facts))) return { isScreening: false, isIn: false };
  return { isScreening: true, isIn: await isReadIn(tx, facts.study.id, tx.actor.id) };
}

/** Who says it: a person in one role for one trust. */
export const authorOf = (tx: Tx) => ({
  authorId: tx.actor.id,
  authorRole: tx.actor.kind === "person" ? tx.actor.role : tx.actor.kind,
  authorOrganisation: organisationOf(tx.actor) ?? "",
});

/** Of which records the person is the study's patient now. A number that was merged is the same person's. */
export async function recordsOfItsPatient(
  tx: Tx,
  study: { patientId: string },
  recordIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const records = await Patient.findRecordsByIds(tx, [...new Set(recordIds)]);
  return new Set(records.filter(({ patientId }) => patientId === study.patientId).map(({ id }) => id));
}
