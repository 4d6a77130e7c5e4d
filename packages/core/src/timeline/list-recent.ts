import { z } from "zod";
import * as Access from "../access/index.ts";
import * as Audit from "../audit/index.ts";
import { defineAction, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import * as Study from "../study/index.ts";
import { mayFindOwn } from "./timeline.policy.ts";

const SHOWN = 10;
/** Some of whom somebody looked at may not be theirs to see any more. */
const ASKED = 30;

type Recent = Pick<
  Patient.PatientIdentity,
  "patientId" | "family" | "given" | "birthDate" | "sex" | "nhsNumber"
>;

const ofPatient = (
  records: readonly Patient.RecordRow[],
  patientId: string,
  own: string | null,
): Patient.RecordRow | undefined => {
  const theirs = records.filter((record) => record.patientId === patientId);
  return theirs.find(({ custodian }) => custodian === own) ?? theirs[0];
};

async function recentOf(tx: Tx, scope: Access.ReadingScope): Promise<Recent[]> {
  const looked = await Audit.findOwnLatestPatients(tx, ["timeline.read", "study.open"], ASKED);
  // By policy each time: who was open yesterday may be nobody's business today.
  const open = await Study.findPatientsInScope(tx, scope, looked);
  const patientIds = looked.filter((id) => open.has(id)).slice(0, SHOWN);
  const records = await Patient.findRecordsOfPatients(tx, patientIds);
  return patientIds.flatMap((patientId) => {
    const identity = ofPatient(records, patientId, organisationOf(tx.actor))?.identity;
    if (!identity) return [];
    const { family, given, birthDate, sex, nhsNumber } = identity;
    return [{ patientId, family, given, birthDate, sex, nhsNumber }];
  });
}

/** Of whom one opened something last, ten at most: a way back, never a way to somebody new. */
export const listRecent = defineAction({
  name: "timeline.list-recent",
  input: z.object({}),
  policy: mayFindOwn,
  load: async () => null,
  async run(tx) {
    const scope = Access.readingScope(tx.actor);
    return { patients: scope ? await recentOf(tx, scope) : [] };
  },
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { rows: done?.patients.length ?? 0 } }),
  },
});
