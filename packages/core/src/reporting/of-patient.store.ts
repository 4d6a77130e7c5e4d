import { databaseOf, type Tx } from "../kernel/tx.ts";
import { REPORT_STATUSES, type ReportStatus } from "./report.ts";

/** So much of a report's text is enough for its first lines and its impression. */
const MOST_TEXT = 20_000;

export type NewestReport = {
  patientId: string;
  reportId: string;
  /** Of the newest. */
  version: number;
  custodian: string;
  accessionNumber: string;
  issuer: string;
  status: ReportStatus;
  text: string;
  author: string | undefined;
  reportedAt: string;
  messageAt: Date;
};

type Raw = Omit<NewestReport, "status" | "author" | "reportedAt"> & {
  status: string;
  author: string | null;
  reportedAt: Date;
};

/** The latest version of each of these patients' reports, one for each accession number: one statement, however many. */
export async function findNewestReports(tx: Tx, patientIds: readonly string[]): Promise<NewestReport[]> {
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT DISTINCT ON (r.patient_id, r.custodian, r.accession_number, r.issuer) r.custodian, r.accession_number AS "accessionNumber", r.issuer,
      r.patient_id::text AS "patientId", r.id::text AS "reportId", v.version, v.status, left(v.text, ${MOST_TEXT}) AS text, v.author, v.reported_at AS "reportedAt", v.message_at AS "messageAt"
    FROM report r JOIN report_version v ON v.report_id = r.id AND v.aside_at IS NULL
    WHERE r.patient_id = ANY (${[...patientIds]}::uuid[])
    ORDER BY r.patient_id, r.custodian, r.accession_number, r.issuer, v.message_at DESC, length(v.message_id) DESC, v.message_id COLLATE "C" DESC`;
  return rows.map((row) => ({
    ...row,
    status: REPORT_STATUSES.find((status) => status === row.status) ?? "preliminary",
    author: row.author ?? undefined,
    reportedAt: row.reportedAt.toISOString(),
  }));
}
