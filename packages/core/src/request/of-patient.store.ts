import { Prisma } from "@weald/db";
import * as Access from "../access/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { REQUEST_STATES, type RequestState } from "./request.ts";

const q = Prisma.raw("q");
const COMING = ["requested", "booked", "arrived"];

export type RequestOfPatient = {
  requestId: string;
  patientId: string;
  custodian: string;
  accessionNumber: string;
  issuer: string;
  procedureCode: string;
  procedure: string;
  bodyPart: string | undefined;
  laterality: string | undefined;
  modality: string | undefined;
  state: RequestState;
  requestedAt: string | undefined;
  scheduledAt: string | undefined;
  /** It was asked for or booked, and nothing has come under its number. */
  isExpected: boolean;
};

type Raw = {
  requestId: string;
  patientId: string;
  custodian: string;
  accessionNumber: string;
  issuer: string;
  procedureCode: string;
  procedure: string;
  bodyPart: string | null;
  laterality: string | null;
  modality: string | null;
  state: string;
  requestedAt: Date | null;
  scheduledAt: Date | null;
  isExpected: boolean;
};

/** What was asked for these patients, as far as this actor's scope would hold the study that it is about. One statement. */
export async function findRequestsInScope(
  tx: Tx,
  scope: Access.ReadingScope,
  patientIds: readonly string[],
): Promise<RequestOfPatient[]> {
  const where = Access.scopeConditions(tx, scope, q, "requests");
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT q.id::text AS "requestId", q.patient_id::text AS "patientId", q.custodian, q.accession_number AS "accessionNumber", q.issuer, q.procedure_code AS "procedureCode",
      q.procedure_text AS procedure, q.body_part AS "bodyPart", q.laterality, q.modality, q.state,
      q.requested_at AS "requestedAt", q.scheduled_at AS "scheduledAt",
      q.state = ANY (${COMING}::text[]) AND NOT EXISTS (
        SELECT 1 FROM study s WHERE s.custodian = q.custodian AND s.accession_number = q.accession_number
          AND (s.accession_issuer IS NULL OR s.accession_issuer = q.issuer)) AS "isExpected"
    FROM (SELECT i.*, array_remove(ARRAY[i.modality], NULL) AS modalities, array_remove(ARRAY[i.body_part], NULL) AS body_parts
      FROM imaging_request i WHERE i.patient_id = ANY (${[...patientIds]}::uuid[]) AND i.aside_at IS NULL) q
    WHERE ${Prisma.join(where, " AND ")}
    ORDER BY q.scheduled_at NULLS LAST, q.id LIMIT ${1000 * patientIds.length}`;
  return rows.map((row) => ({
    ...row,
    bodyPart: row.bodyPart ?? undefined,
    laterality: row.laterality ?? undefined,
    modality: row.modality ?? undefined,
    state: REQUEST_STATES.find((state) => state === row.state) ?? "requested",
    requestedAt: row.requestedAt?.toISOString(),
    scheduledAt: row.scheduledAt?.toISOString(),
  }));
}
