import { databaseOf, type Tx } from "../kernel/tx.ts";

export type ProcedureRow = {
  id: string;
  custodian: string;
  patient_id: string;
  accession_number: string;
  issuer: string;
  procedure_code: string;
  procedure_text: string;
  referrer: string | null;
  priority: string;
  question: string | null;
  state: string;
  scheduled_at: Date;
  modality: string | null;
  station_ae: string | null;
  station_name: string | null;
  location: string | null;
  requested_procedure_id: string | null;
  scheduled_step_id: string | null;
  study_instance_uid: string | null;
  local_number: string;
  nhs_number: string | null;
  family: string;
  given: string;
  middle: string;
  prefix: string;
  birth_date: Date | null;
  sex: string | null;
};

export type ProceduresWanted = { custodian: string; from: Date; to: Date; limit: number };

/** What a trust is to do in this time, the earliest first. */
export function findProcedures(
  tx: Tx,
  { custodian, from, to, limit }: ProceduresWanted,
): Promise<ProcedureRow[]> {
  return databaseOf(tx).$queryRaw<ProcedureRow[]>`
    SELECT id::text, custodian, patient_id::text, accession_number, issuer, procedure_code, procedure_text, referrer,
      priority, question, state, scheduled_at, modality, station_ae, station_name, location, requested_procedure_id,
      scheduled_step_id, study_instance_uid, local_number, nhs_number, family, given, middle, prefix, birth_date, sex
    FROM scheduled_procedure
    WHERE custodian = ${custodian} AND scheduled_at >= ${from}::timestamptz AND scheduled_at < ${to}::timestamptz
    ORDER BY scheduled_at, id LIMIT ${limit}`;
}
