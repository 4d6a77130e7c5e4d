import { z } from "zod";
import * as Audit from "../audit/index.ts";
import { defineAction } from "../kernel/index.ts";
import * as Organisation from "../organisation/index.ts";
import * as Patient from "../patient/index.ts";
import { mayPreview } from "./review.policy.ts";

const MOST = 2000;

/** Who looked at a patient's images and took copies of them, in the patient's own words: every trust's, by visit. */
export const looksOfPatient = defineAction({
  name: "review.looks-of-patient",
  purpose: "audit",
  input: z.object({ patientId: z.uuid() }),
  policy: mayPreview,
  async load(tx, { patientId }) {
    const records = await Patient.findRecordsOfPatient(tx, patientId);
    return { custodians: records.map(({ custodian }) => custodian) };
  },
  async run(tx, { patientId }) {
    const rows = await Audit.findLooksAt(tx, [patientId], ["displayed", "taken-out"], MOST);
    const names = new Map(
      (await Organisation.readOrganisations(tx)).map(({ odsCode, name }) => [odsCode, name]),
    );
    return { looks: Audit.plainLooks(rows, names), isCut: rows.length === MOST };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: ({ patientId }, done) => ({ patientId, detail: { looks: done?.looks.length ?? 0 } }),
  },
});
