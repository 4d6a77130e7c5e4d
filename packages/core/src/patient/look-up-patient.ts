import { z } from "zod";
import type { Tx } from "../kernel/index.ts";
import { defineAction, Invalid, organisationOf } from "../kernel/index.ts";
import { isSiteHidden, siteMasked } from "./mask-site.ts";
import { givenKey, nameKey } from "./name-key.ts";
import { nhsNumberOf } from "./nhs-number.ts";
import { mayLookUp } from "./patient.policy.ts";
import {
  findRecord,
  findRecordsByName,
  findRecordsByNhsNumber,
  findRecordsOfPatient,
  type RecordRow,
} from "./patient.store.ts";
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
    // A number of one trust that finds somebody says that they were there.
    return record && !isSiteHidden(tx.actor, await flagged(tx, record)) ? [record] : [];
  }
  const name = {
    familyKey: nameKey(question.family),
    givenKey: givenKey(question.given),
    birthDate: question.birthDate,
  };
  return findRecordsByName(tx, name, MOST + 1);
}

/** What one record of a person is marked, all are. */
async function flagged(tx: Tx, record: RecordRow): Promise<RecordRow> {
  const all = await findRecordsOfPatient(tx, record.patientId);
  return { ...record, sensitivities: all.flatMap(({ sensitivities }) => sensitivities) };
}

/** One line a person, not one a record: joined records are the same patient. One's own trust's record stands for them. */
async function onePerPatient(tx: Tx, records: readonly RecordRow[]): Promise<PatientIdentity[]> {
  const seen = new Map<string, RecordRow>();
  const own = organisationOf(tx.actor);
  for (const record of records)
    if (!seen.has(record.patientId) || record.custodian === own) seen.set(record.patientId, record);
  const lines: PatientIdentity[] = [];
  for (const record of seen.values()) lines.push(siteMasked(tx.actor, await flagged(tx, record)));
  return lines;
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
    const candidates = (await onePerPatient(tx, records)).slice(0, MOST);
    return { candidates, isCut: records.length > MOST };
  },
  audit: {
    how: "each",
    verb: "looked-up",
    subjects: ({ by }, done) => ({ detail: { by, found: done?.candidates.length ?? 0 } }),
  },
});
