import { z } from "zod";
import type { Tx } from "../kernel/index.ts";
import { defineAction, Invalid } from "../kernel/index.ts";
import { givenKey, nameKey } from "./name-key.ts";
import { nhsNumberOf } from "./nhs-number.ts";
import { mayLookUp } from "./patient.policy.ts";
import { findRecord, findRecordsByName, findRecordsByNhsNumber, type RecordRow } from "./patient.store.ts";
import type { PatientIdentity } from "./patient.ts";

const MOST = 10;

const Question = z.discriminatedUnion("by", [
  z.object({ by: z.literal("nhs-number"), nhsNumber: z.string().max(20) }),
  z.object({
    by: z.literal("local-number"),
    custodian: z.string().max(6),
    localNumber: z.string().min(1).max(64),
  }),
  z.object({
    by: z.literal("name"),
    family: z.string().min(1).max(64),
    given: z.string().min(1).max(64),
    birthDate: z.iso.date(),
  }),
]);

async function recordsFor(tx: Tx, question: z.output<typeof Question>): Promise<RecordRow[]> {
  if (question.by === "nhs-number") {
    const nhsNumber = nhsNumberOf(question.nhsNumber);
    if (!nhsNumber)
      throw new Invalid("NHS_NUMBER_INVALID", "That is no valid NHS number: its check digit does not hold.");
    return findRecordsByNhsNumber(tx, nhsNumber, MOST + 1);
  }
  if (question.by === "local-number") {
    const record = await findRecord(tx, question.custodian, question.localNumber.trim());
    return record ? [record] : [];
  }
  const name = {
    familyKey: nameKey(question.family),
    givenKey: givenKey(question.given),
    birthDate: question.birthDate,
  };
  return findRecordsByName(tx, name, MOST + 1);
}

/** One line a person, not one a record: joined records are the same patient. */
function onePerPatient(records: readonly RecordRow[]): PatientIdentity[] {
  const seen = new Map<string, PatientIdentity>();
  for (const { identity } of records)
    if (!seen.has(identity.patientId)) seen.set(identity.patientId, identity);
  return [...seen.values()];
}

/**
 * Who is this? By NHS number, local number with its trust, or full name and date of birth: at most ten, identity only;
 * what was done for them comes after a purpose (clinical page §4).
 *
 * @throws {Invalid} `NHS_NUMBER_INVALID`
 */
export const lookUp = defineAction({
  name: "patient.look-up",
  input: Question,
  policy: mayLookUp,
  load: async () => null,
  async run(tx, question) {
    const records = await recordsFor(tx, question);
    const candidates = onePerPatient(records);
    return { candidates: candidates.slice(0, MOST), isCut: records.length > MOST };
  },
  audit: {
    how: "each",
    verb: "looked-up",
    subjects: ({ by }, done) => ({ detail: { by, found: done?.candidates.length ?? 0 } }),
  },
});
