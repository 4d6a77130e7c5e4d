import type { Tx } from "../kernel/index.ts";
import * as Request from "../request/index.ts";
import * as Study from "../study/index.ts";
import { maskedReport } from "./mask-report.ts";
import { findVersions, isTiedToAnother } from "./report.store.ts";
import { reportStateOf, type StudyReport } from "./report.ts";

/** What stands under a study's accession number, masked where its site is. */
export async function reportOf(tx: Tx, facts: Study.StudyFacts): Promise<StudyReport> {
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
