import type { AuditSubject, Tx } from "../kernel/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { maskedReport } from "./mask-report.ts";
import { findVersions, isTiedToAnother } from "./report.store.ts";
import { reportStateOf, type StudyReport } from "./report.ts";

export type ShownReport = { patientId: string; custodian: string; report: StudyReport };

/** @param part what of it was shown, where that isn't the whole */
export const reportSubject = (
  studyId: string,
  done: ShownReport | undefined,
  part?: string,
): AuditSubject => ({
  studyId,
  ...(done
    ? {
        ...{ patientId: done.patientId, custodian: done.custodian },
        detail: { report: done.report.state, ...(part ? { part } : {}) },
      }
    : {}),
});

/** A study's report for its reader, with whose it is. */
export async function shownReport(tx: Tx, facts: Study.StudyFacts): Promise<ShownReport> {
  const { patientId, custodian } = facts.study;
  return { patientId, custodian, report: await reportOf(tx, facts) };
}

/** What stands under a study's accession number, masked where its site is. */
async function reportOf(tx: Tx, facts: Study.StudyFacts): Promise<StudyReport> {
  const { custodian, accessionNumber, accessionIssuer: issuer, patientId } = facts.study;
  const where = accessionNumber ? { custodian, accessionNumber, issuer } : undefined;
  const versions = where ? await findVersions(tx, { ...where, patientId }) : [];
  // Another patient's request under the same accession number is not this study's.
  const request = where && (await Request.findRequest(tx, { ...where, patientId }));
  const report: StudyReport = {
    state: reportStateOf(versions[0]?.status, request !== undefined),
    versions,
    isTiedToAnother: where !== undefined && (await isTiedToAnother(tx, { ...where, patientId })),
    request: request && {
      accessionNumber: request.accessionNumber,
      procedure: request.procedureText,
      question: request.question,
      referrer: request.referrer,
      priority: request.priority,
      state: request.state,
      requestedAt: request.requestedAt?.toISOString(),
    },
  };
  const mask = await Study.siteMaskFor(tx, facts);
  return mask ? maskedReport(report, mask.words) : report;
}
