import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Which trust reported on each of these patients since then, and when. */
export const reportsOfPatients = (
  tx: Tx,
  patientIds: readonly string[],
  since: Date,
): Promise<{ patientId: string; custodian: string; reportedAt: Date }[]> =>
  databaseOf(tx).$queryRaw`
    SELECT r.patient_id AS "patientId", r.custodian, v.reported_at AS "reportedAt"
    FROM report r JOIN report_version v ON v.report_id = r.id AND v.aside_at IS NULL
    WHERE r.patient_id = ANY (${[...patientIds]}::uuid[]) AND v.reported_at >= ${since}::timestamptz`;
