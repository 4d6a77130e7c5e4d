import type { Tx } from "../kernel/index.ts";
import { survivorOf } from "./join-records.ts";
import { isSamePersonInTrust, type Judgement, judgePair } from "./judge-pair.ts";
import {
  completeRecord,
  createRecord,
  findRecord,
  findRecordsByNhsNumber,
  findRecordsOfPatient,
  isNeverLinked,
  listForReview,
  lockIdentity,
  moveRecordToPatient,
  type RecordRow,
} from "./patient.store.ts";
import { matchFactsOf, type StatedIdentity } from "./patient.ts";

/** `named`: the record whose number was said, where that was merged into the other. */
export type Resolved = { record: RecordRow; named?: RecordRow } | { reused: true };

type Joinable = { patientId: string; nameDiffers: boolean };

async function judgeAgainstAll(
  tx: Tx,
  candidate: RecordRow,
  others: readonly RecordRow[],
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for (const other of others) {
    const judgement = judgePair(
      candidate.facts,
      other.facts,
      await isNeverLinked(tx, candidate.id, other.id),
    );
    judgements.push(judgement);
    if (judgement.verdict === "review") await listForReview(tx, candidate, other, judgement.rule);
  }
  return judgements;
}

/**
 * The one patient whose every record agrees with this one. A group that disagrees with itself is joined by a person, and so
 * is a record that agrees with two groups which don't agree with each other.
 */
async function findJoinable(tx: Tx, candidate: RecordRow): Promise<Joinable | undefined> {
  if (!candidate.facts.nhsNumber) return undefined;
  const sameNumber = (await findRecordsByNhsNumber(tx, candidate.facts.nhsNumber)).filter(
    (other) => other.patientId !== candidate.patientId,
  );
  const agreeing: (Joinable & { group: RecordRow[] })[] = [];
  for (const patientId of new Set(sameNumber.map((other) => other.patientId))) {
    const group = await findRecordsOfPatient(tx, patientId);
    const judgements = await judgeAgainstAll(tx, candidate, group);
    if (!judgements.every((judgement) => judgement.verdict === "join")) continue;
    const nameDiffers = judgements.some((judgement) => judgement.verdict === "join" && judgement.nameDiffers);
    agreeing.push({ patientId, nameDiffers, group });
  }
  const [only, ...others] = agreeing;
  if (others.length === 0) return only && { patientId: only.patientId, nameDiffers: only.nameDiffers };
  for (const other of agreeing.flatMap(({ group }) => group))
    await listForReview(tx, candidate, other, "agrees-with-several-patients");
  return undefined;
}

async function joinIfSame(tx: Tx, record: RecordRow): Promise<RecordRow> {
  const joinable = await findJoinable(tx, record);
  // A record that shares its patient with others was linked before; moving it alone would tear that link.
  if (!joinable || (await findRecordsOfPatient(tx, record.patientId)).length > 1) return record;
  await moveRecordToPatient(tx, record.id, { ...joinable, linkedHow: "nhs-number, birth date and name" });
  return {
    ...record,
    patientId: joinable.patientId,
    identity: { ...record.identity, patientId: joinable.patientId, nameDiffers: joinable.nameDiffers },
  };
}

async function completed(tx: Tx, known: RecordRow, stated: StatedIdentity): Promise<RecordRow> {
  const says = matchFactsOf(stated);
  const missing = {
    ...(!known.facts.nhsNumber && says.nhsNumber ? { nhsNumber: says.nhsNumber } : {}),
    ...(!known.facts.birthDate && says.birthDate ? { birthDate: says.birthDate } : {}),
    ...(!known.facts.sex && says.sex ? { sex: says.sex } : {}),
  };
  if (Object.keys(missing).length === 0) return known;
  await completeRecord(tx, known.id, missing);
  return { ...known, facts: { ...known.facts, ...missing }, identity: { ...known.identity, ...missing } };
}

/**
 * The record of whom an object speaks, made or found, and joined across trusts where the rules allow it.
 * What hangs on the record (studies, requests, reports, relationships) follows it to the patient, by a trigger of the database.
 * `reused`: this local number is somebody else's in this trust; nothing was written.
 */
export async function resolveRecord(tx: Tx, custodian: string, stated: StatedIdentity): Promise<Resolved> {
  const says = matchFactsOf(stated);
  await lockIdentity(tx, [`${custodian}|${stated.localNumber}`, ...(says.nhsNumber ? [says.nhsNumber] : [])]);
  const known = await findRecord(tx, custodian, stated.localNumber);
  if (known && !isSamePersonInTrust(known.facts, says)) return { reused: true };
  if (!known) {
    const made = {
      patientId: undefined,
      custodian,
      identity: stated,
      nameDiffers: false,
      linkedHow: "first seen",
    };
    return { record: await joinIfSame(tx, await createRecord(tx, made)) };
  }
  const survivor = await survivorOf(tx, known);
  if (survivor.id !== known.id) return { record: survivor, named: known };
  const record = await completed(tx, known, stated);
  const saysNoMore =
    record.facts.nhsNumber === known.facts.nhsNumber && record.facts.birthDate === known.facts.birthDate;
  return { record: saysNoMore ? record : await joinIfSame(tx, record) };
}
