import * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import type { RecordRow, Word } from "../patient/index.ts";
import { findReportsOfOthers, findStudiesByAccession, putReportAside } from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import { touchStudies } from "../study/index.ts";
import { REFERRED_DAYS } from "./care.ts";
import { putSubjectAside } from "./put-aside.ts";
import type { RequestWord } from "./read-request.ts";
import { older, subjectOf, type Taken } from "./refusals.ts";

/** Whoever asked for images is caring for the patient: no purpose is asked of them while the request is fresh (clinical page §4). */
async function relateReferrer(
  tx: Tx,
  record: RecordRow,
  { issuer, accessionNumber }: RequestWord,
  now: Request.RequestNow,
): Promise<void> {
  // A sender's clock that runs ahead makes no relationship longer.
  const askedAt = Math.min(now.requestedAt.getTime(), tx.now.getTime());
  const endsAt = new Date(askedAt + REFERRED_DAYS * 86_400_000);
  const isAsking = now.referrerId && now.state !== "cancelled";
  await Access.relateExactly(
    tx,
    {
      organisation: record.custodian,
      kind: "request",
      source: subjectOf.request(issuer, accessionNumber),
    },
    isAsking && now.referrerId
      ? [
          {
            patientId: record.patientId,
            patientRecordId: now.patientRecordId,
            personId: now.referrerId,
            endsAt,
          },
        ]
      : [],
  );
}

/** A report of somebody else that came before its request is put aside, as one that comes after it would be. */
async function putOthersReportsAside(
  tx: Tx,
  { custodian, patientId, id: recordId }: RecordRow,
  request: RequestWord,
): Promise<void> {
  const { accessionNumber, issuer } = request;
  const reports = await findReportsOfOthers(tx, { custodian, accessionNumber, issuer, patientId });
  // One of the patient's own that waited behind it may fit now.
  if (reports.length > 0) await tx.enqueue("patient.changed", { recordId });
  for (const report of reports) {
    await putReportAside(tx, report);
    const subject = subjectOf.report(report.issuer, report.fillerNumber);
    await putSubjectAside(tx, custodian, subject, { code: "REPORT_PATIENT_MISMATCH" });
  }
}

/** Takes in what a message says of a request: an order, or an appointment that books one. */
export async function takeRequest(
  tx: Tx,
  record: RecordRow,
  request: RequestWord,
  word: Word,
): Promise<Taken> {
  const { custodian, patientId } = record;
  const { accessionNumber, issuer, stated } = request;
  const subjects = [subjectOf.request(issuer, accessionNumber)];
  const studies = await findStudiesByAccession(tx, custodian, accessionNumber, issuer);
  if (studies.some((study) => study.patientId !== patientId))
    return { refused: "REQUEST_PATIENT_MISMATCH", subjects };
  const written = await Request.writeRequest(tx, {
    custodian,
    issuer,
    accessionNumber,
    patientRecordId: record.id,
    patientId,
    stated,
    word,
  });
  if (written.outcome === "other-patient") return { refused: "REQUEST_PATIENT_MISMATCH", subjects };
  if (written.outcome === "older") return older(patientId, subjects);
  await relateReferrer(tx, record, request, written.now);
  await putOthersReportsAside(tx, record, request);
  // Images that came before their request say "not reported" from now on, on open lists too.
  await touchStudies(
    tx,
    studies.map(({ studyId }) => studyId),
  );
  return { outcome: "accepted", patientId, subjects };
}
