import type { Region } from "@weald/dev-env/region";
import { rows } from "../sent.ts";

/** One person of the region, named by the numbers that are theirs: ids differ from run to run. */
const PERSON = `(SELECT string_agg(m.custodian || ' ' || m.local_number, ', ' ORDER BY m.custodian, m.local_number)
  FROM patient_record m WHERE m.patient_id = t.patient_id)`;
const NUMBER =
  "(SELECT n.custodian || ' ' || n.local_number FROM patient_record n WHERE n.id = t.patient_record_id)";

/** Everything that messages make, by natural keys; without ids, and without when it came to us. */
const QUERIES: Record<string, string> = {
  records: `SELECT t.custodian, t.local_number, t.issuer, t.nhs_number, t.nhs_verified, t.family, t.given, t.middle, t.prefix,
      t.birth_date::text, t.sex, t.is_temporary, t.name_differs, ${PERSON} AS person FROM patient_record t`,
  pairs: `SELECT least(a.custodian || a.local_number, b.custodian || b.local_number) AS one,
      greatest(a.custodian || a.local_number, b.custodian || b.local_number) AS other, t.rule
      FROM patient_pair t JOIN patient_record a ON a.id = t.record_a JOIN patient_record b ON b.id = t.record_b
      WHERE t.outcome = 'waiting'`,
  statements: "SELECT custodian, local_number, source, said_at, is_update, says FROM patient_statement",
  merges: "SELECT custodian, old_number, surviving_number, source, said_at, state, rule FROM record_merge",
  visits: `SELECT t.custodian, t.visit_number, ${NUMBER} AS number, ${PERSON} AS person, t.patient_class, t.clinicians, t.location,
      t.admitted_at, t.discharged_at, t.is_cancelled, t.said, t.newest_at FROM visit t WHERE t.aside_at IS NULL`,
  appointments: `SELECT t.custodian, t.appointment_number, ${NUMBER} AS number, ${PERSON} AS person, t.state, t.starts_at, t.clinicians,
      t.location, t.accession_number, t.issuer, t.said FROM appointment t WHERE t.aside_at IS NULL`,
  requests: `SELECT t.custodian, t.issuer, t.accession_number, ${NUMBER} AS number, ${PERSON} AS person, t.procedure_code,
      t.procedure_text, t.referrer, t.referrer_id, t.priority, t.question, t.state, t.requested_at, t.scheduled_at, t.modality,
      t.station_name, t.location, t.said, t.message_at, t.message_id FROM imaging_request t WHERE t.aside_at IS NULL`,
  reports: `SELECT t.custodian, t.issuer, t.accession_number, t.filler_number, ${NUMBER} AS number, ${PERSON} AS person, v.status, v.text,
      v.message_at, v.message_id FROM report t JOIN report_version v ON v.report_id = t.id WHERE v.aside_at IS NULL`,
  relationships: `SELECT t.person_id, t.organisation, t.kind, t.source, t.ends_at, ${PERSON} AS person
      FROM relationship t WHERE t.ends_at > now()`,
  quarantine: `SELECT custodian, code, identity ->> 'controlId' AS message, identity ->> 'rule' AS rule
      FROM quarantine_item WHERE state = 'waiting'`,
  messages:
    "SELECT custodian, sender, control_id, digest, type, message_at, state = 'aside' AS waits FROM hl7_message",
};

export type Standing = Record<string, string[]>;

export async function standing(region: Region): Promise<Standing> {
  const all: Standing = {};
  for (const [name, sql] of Object.entries(QUERIES))
    all[name] = (await rows<object>(region, sql)).map((row) => JSON.stringify(row)).sort();
  return all;
}

/** What stands in one and not in the other, by table. */
export function differences(
  one: Standing,
  other: Standing,
): Record<string, { only: string[]; missing: string[] }> {
  const differing = Object.keys(one).flatMap((name) => {
    const [a, b] = [one[name] ?? [], other[name] ?? []];
    const only = b.filter((row) => !a.includes(row));
    const missing = a.filter((row) => !b.includes(row));
    return only.length + missing.length > 0 || a.length !== b.length
      ? [[name, { only, missing }] as const]
      : [];
  });
  return Object.fromEntries(differing);
}
