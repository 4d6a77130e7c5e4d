import { z } from "zod";
import * as Access from "../access/index.ts";
import { defineAction, NotFound, organisationOf } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { findStudiesToTake } from "./of-record.store.ts";

/**
 * The studies of one patient of one's own trust, by date, modality and accession number alone: for who writes down which of
 * them the patient objects to.
 *
 * @throws {NotFound} `PATIENT_NOT_FOUND`
 */
export const listOfRecord = defineAction({
  name: "study.list-of-record",
  purpose: "operations",
  input: z.object({ localNumber: z.string().trim().min(1).max(64) }),
  policy: Access.mayRecordObjection,
  load: async (tx) => ({ custodian: organisationOf(tx.actor) ?? "" }),
  async run(tx, { localNumber }, { custodian }) {
    const record = await Patient.findRecord(tx, custodian, localNumber);
    if (!record) throw new NotFound("PATIENT_NOT_FOUND", "No patient of this trust has that number.");
    const found = await findStudiesToTake(tx, custodian, record.id);
    const studies = found.map(({ id, studiedAt, modalities, accessionNumber }) => ({
      studyId: id,
      studiedAt: studiedAt?.toISOString(),
      modalities,
      accessionNumber,
    }));
    return { studies, patientId: record.patientId, custodian };
  },
  after: async (_ctx, { studies }) => studies,
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) =>
      done
        ? {
            patientId: done.patientId,
            custodian: done.custodian,
            detail: { rows: done.studies.length },
          }
        : {},
  },
});
