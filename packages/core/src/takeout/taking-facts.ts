import { Conflict, Invalid, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import type { TakeoutFacts } from "./takeout.policy.ts";
import type { Whose } from "./takeout.ts";

export const custodianOf = (tx: Tx): string => organisationOf(tx.actor) ?? "";

/** Everything that is joined to a person, whoever issued it: a restriction of one record restricts the person. */
async function sensitivitiesOf(tx: Tx, patientIds: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const patientId of new Set(patientIds))
    for (const record of await Patient.findRecordsOfPatient(tx, patientId)) all.push(...record.sensitivities);
  return all;
}

/** The actor's own trust's records of the person. */
async function recordsOf(tx: Tx, whose: Exclude<Whose, { kind: "trust" }>): Promise<Patient.RecordRow[]> {
  const custodian = custodianOf(tx);
  if (whose.kind === "local-number") {
    const record = await Patient.findRecord(tx, custodian, whose.localNumber.trim());
    return record ? [record] : [];
  }
  const nhsNumber = Patient.nhsNumberOf(whose.nhsNumber);
  if (!nhsNumber)
    throw new Invalid("NHS_NUMBER_INVALID", "That is no valid NHS number: its check digit does not hold.");
  const found = await Patient.findRecordsByNhsNumber(tx, nhsNumber);
  const [patientId, another] = new Set(found.map((record) => record.patientId));
  // Nobody gets what may be somebody else's.
  if (another)
    throw new Conflict(
      "SEVERAL_PEOPLE",
      "Records that are not one person's have this NHS number. Settle who is who first, or name the local number.",
    );
  return patientId ? Patient.findRecordsOfPatient(tx, patientId) : [];
}

export type Taking = TakeoutFacts & { records: Patient.RecordRow[] };

/**
 * Who and what is to be taken out. Of a person: their records in every trust, as the actor's own trust may hold outside
 * images under another's.
 */
export async function takingFacts(tx: Tx, whose: Whose): Promise<Taking> {
  const custodian = custodianOf(tx);
  if (whose.kind === "trust") return { custodian, of: "trust", sensitivities: [], records: [] };
  const records = await recordsOf(tx, whose);
  const sensitivities = await sensitivitiesOf(
    tx,
    records.map(({ patientId }) => patientId),
  );
  return { custodian, of: "patient", sensitivities, records };
}

/** One record within what is taken out. */
export async function recordFacts(
  tx: Tx,
  { whose, recordId }: { whose: Whose; recordId: string },
): Promise<Taking & { record: Patient.RecordRow }> {
  const taking = await takingFacts(tx, whose);
  const [record] =
    whose.kind === "trust"
      ? await Patient.findRecordsByIds(tx, [recordId])
      : taking.records.filter(({ id }) => id === recordId);
  if (!record) throw new NotFound("RECORD_NOT_FOUND", "There is no such record in what is taken out.");
  return { ...taking, record };
}
