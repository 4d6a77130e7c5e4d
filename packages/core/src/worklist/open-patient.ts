import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { rowsFor } from "./mask-rows.ts";
import { mayOpenPatient } from "./open-patient.policy.ts";
import { scopeOf } from "./scope.ts";
import { findWithheld } from "./withheld.store.ts";
import { findRows } from "./worklist.store.ts";

const MOST = 200;

/** What is withheld of a patient, and why: each with what can be done about it. */
export type Withheld = { custodian: string; studies: number; why: "restricted" | "not-shared" };

async function withheldOf(tx: Tx, patientId: string): Promise<Withheld[]> {
  const organisation = organisationOf(tx.actor) ?? "";
  const restricted = await findWithheld(tx, scopeOf(tx.actor), patientId);
  const left = await Access.findLeftBehind(tx, organisation, patientId);
  return [
    ...restricted
      .filter(({ custodian }) => !left.some((one) => one.custodian === custodian))
      .map((one) => ({ ...one, why: "restricted" as const })),
    ...left.map((one) => ({ ...one, why: "not-shared" as const })),
  ];
}

/** Where the person has the national S-flag, only who cares for them, or broke the glass, learns which trusts know them. */
function identitiesFor(tx: Tx, records: readonly Patient.RecordRow[], facts: Access.ReadingFacts) {
  const isCaring = Access.isCaring(facts);
  const lines = records.map(({ identity, custodian }) =>
    isCaring
      ? identity
      : Patient.siteMasked(tx.actor, { identity, custodian, sensitivities: facts.sensitivities }),
  );
  // How many trusts know them is told by the number of lines without one.
  const [first] = lines.filter(({ custodian }) => custodian === "");
  return lines.filter((line) => line.custodian !== "" || line === first);
}

const custodianFor = (records: readonly Patient.RecordRow[], organisation: string | undefined) =>
  records.find(({ custodian }) => custodian === organisation)?.custodian ?? records[0]?.custodian ?? "";

/**
 * All that the region holds on a patient and that this actor may see, newest first. Every page ends with the same sentence
 * about what may be withheld, so an absence betrays nothing.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 * @throws {AccessDenied} `no-relationship`: state why, then ask again
 */
export const openPatient = defineAction({
  name: "worklist.open-patient",
  input: z.object({ patientId: z.uuid() }),
  policy: mayOpenPatient,
  async load(tx, { patientId }) {
    const records = await Patient.findRecordsOfPatient(tx, patientId);
    const [first] = records;
    if (!first) throw new NotFound("PATIENT_NOT_FOUND", "There is no such patient.");
    const organisation = tx.actor.kind === "person" ? tx.actor.organisation : undefined;
    const held = { custodian: custodianFor(records, organisation), patientId, studyId: undefined };
    return { ...(await Access.readingFacts(tx, held)), records };
  },
  async run(tx, { patientId }, facts) {
    const found = await findRows(tx, {
      scope: scopeOf(tx.actor),
      filters: { patientId },
      cursor: undefined,
      limit: MOST,
    });
    const rows = await rowsFor(tx, found);
    // Of who is masked, not even that something is withheld where.
    const isMasked = facts.sensitivities.includes("s-flag") || Patient.isHidden(facts.sensitivities);
    const withheld = isMasked && !Access.isCaring(facts) ? [] : await withheldOf(tx, patientId);
    return { patientId, records: identitiesFor(tx, facts.records, facts), rows, withheld };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({ patientId, detail: { rows: done?.rows.length ?? 0 } }),
  },
});
