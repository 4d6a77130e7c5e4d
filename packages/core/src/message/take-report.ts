import type { Tx } from "../kernel/index.ts";
import type { RecordRow } from "../patient/index.ts";
import { findStudiesByAccession, writeVersion } from "../reporting/index.ts";
import * as Request from "../request/index.ts";
import { touchStudies } from "../study/index.ts";
import type { Message } from "./read-message.ts";
import { subjectOf, type Taken } from "./refusals.ts";
import { sourceOf } from "./source-of.ts";

/** Tied to a study by accession number and issuer, and to a patient: where the two disagree, a person decides. */
export async function takeReport(
  tx: Tx,
  record: RecordRow,
  message: Message & { kind: "report" },
  objectKey: string,
): Promise<Taken> {
  const { custodian, patientId } = record;
  const { report, messageAt } = message;
  const { accessionNumber, issuer, fillerNumber } = report;
  const subjects = [subjectOf.report(issuer, fillerNumber)];
  const studies = await findStudiesByAccession(tx, custodian, accessionNumber, issuer);
  const request = await Request.findRequest(tx, { custodian, accessionNumber, issuer });
  const owners = [...studies.map((study) => study.patientId), ...(request ? [request.patientId] : [])];
  if (owners.some((owner) => owner !== patientId)) return { refused: "REPORT_PATIENT_MISMATCH", subjects };
  const written = await writeVersion(tx, {
    custodian,
    patientRecordId: record.id,
    patientId,
    report,
    messageAt,
    messageId: sourceOf(message),
    objectKey,
  });
  if (written === "other-patient") return { refused: "REPORT_PATIENT_MISMATCH", subjects };
  await touchStudies(
    tx,
    studies.map(({ studyId }) => studyId),
  );
  for (const { studyId } of studies) await tx.enqueue("report.received", { studyId });
  return { outcome: written === "duplicate" ? "duplicate" : "accepted", patientId, subjects };
}
