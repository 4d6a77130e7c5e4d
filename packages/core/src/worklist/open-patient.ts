import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction, definePolicy, NotFound } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { scopeOf } from "./scope.ts";
import { findRows } from "./worklist.store.ts";

const MOST = 200;

/** A patient's page opens as any of their studies would: the reading policy, asked for the actor's best custodian. */
export const mayOpenPatient = definePolicy<Access.ReadingFacts>({
  ...Access.mayRead,
  name: "worklist.open-patient",
});

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
    const sensitivities = [...new Set(records.flatMap((record) => record.sensitivities))];
    const custodian = custodianFor(records, organisation);
    return { ...(await Access.readingFacts(tx, { custodian, patientId, sensitivities })), records };
  },
  async run(tx, { patientId }, { records }) {
    const found = await findRows(tx, {
      scope: scopeOf(tx.actor),
      filters: { patientId },
      cursor: undefined,
      limit: MOST,
    });
    const rows = await Study.servedRows(tx, found);
    return { patientId, records: records.map(({ identity }) => identity), rows };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({ patientId, detail: { rows: done?.rows.length ?? 0 } }),
  },
});
