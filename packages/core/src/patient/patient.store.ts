import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Listed } from "./cluster.ts";
import type { MatchFacts } from "./judge-pair.ts";
import type { NumberOfTrust } from "./merge.store.ts";
import type { PatientIdentity } from "./patient.ts";
import { type Folded, factsOf } from "./statement.ts";

export type RecordRow = {
  id: string;
  patientId: string;
  custodian: string;
  localNumber: string;
  sensitivities: string[];
  linkedHow: string;
  /** Whose household: for comparison, and shown to nobody. */
  addressKey: string | undefined;
  facts: MatchFacts;
  identity: PatientIdentity;
};

const columns = {
  id: true,
  patientId: true,
  custodian: true,
  localNumber: true,
  nhsNumber: true,
  nhsVerified: true,
  family: true,
  given: true,
  middle: true,
  prefix: true,
  otherNames: true,
  familyKey: true,
  givenKey: true,
  birthDate: true,
  sex: true,
  isTemporary: true,
  addressKey: true,
  sensitivities: true,
  nameDiffers: true,
  linkedHow: true,
} as const;

type Row = {
  id: string;
  patientId: string;
  custodian: string;
  localNumber: string;
  nhsNumber: string | null;
  nhsVerified: boolean;
  family: string;
  given: string;
  middle: string;
  prefix: string;
  otherNames: unknown;
  familyKey: string;
  givenKey: string;
  birthDate: Date | null;
  sex: string | null;
  isTemporary: boolean;
  addressKey: string | null;
  sensitivities: string[];
  nameDiffers: boolean;
  linkedHow: string;
};

const ideographicOf = (names: unknown): string | undefined =>
  names instanceof Object && "ideographic" in names && typeof names.ideographic === "string"
    ? names.ideographic
    : undefined;

function shape(row: Row): RecordRow {
  const birthDate = row.birthDate?.toISOString().slice(0, 10);
  return {
    id: row.id,
    patientId: row.patientId,
    custodian: row.custodian,
    localNumber: row.localNumber,
    sensitivities: row.sensitivities,
    linkedHow: row.linkedHow,
    addressKey: row.addressKey ?? undefined,
    facts: {
      nhsNumber: row.nhsNumber ?? undefined,
      familyKey: row.familyKey,
      givenKey: row.givenKey,
      birthDate,
      sex: row.sex ?? undefined,
      isTemporary: row.isTemporary,
    },
    identity: {
      patientId: row.patientId,
      recordId: row.id,
      family: row.family,
      given: row.given,
      middle: row.middle,
      prefix: row.prefix,
      ideographic: ideographicOf(row.otherNames),
      birthDate,
      sex: row.sex ?? undefined,
      nhsNumber: row.nhsNumber ?? undefined,
      nhsVerified: row.nhsVerified,
      localNumber: row.localNumber,
      custodian: row.custodian,
      nameDiffers: row.nameDiffers,
      isTemporary: row.isTemporary,
    },
  };
}

/** Two transactions that bring the same number see each other: the second waits here for the first. */
export async function lockIdentity(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const key of [...keys].sort()) {
    await databaseOf(tx)
      .$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`patient:${key}`}, 0))::text`;
  }
}

/**
 * The record of a number of which this was said already, word for word. Until this transaction ends nobody changes it; others
 * may read it and hang things on it.
 */
export async function shareRecordOfSaid(
  tx: Tx,
  { custodian, localNumber, source }: { custodian: string; localNumber: string; source: string },
): Promise<RecordRow | undefined> {
  const [row] = await databaseOf(tx).$queryRaw<Row[]>`
    SELECT r.id::text, r.patient_id::text AS "patientId", r.custodian, r.local_number AS "localNumber",
      r.nhs_number AS "nhsNumber", r.nhs_verified AS "nhsVerified", r.family, r.given, r.middle, r.prefix,
      r.other_names AS "otherNames", r.family_key AS "familyKey", r.given_key AS "givenKey", r.birth_date AS "birthDate", r.sex,
      r.is_temporary AS "isTemporary", r.address_key AS "addressKey", r.sensitivities, r.name_differs AS "nameDiffers", r.linked_how AS "linkedHow"
    FROM patient_record r
    WHERE r.custodian = ${custodian} AND r.local_number = ${localNumber} AND EXISTS (
      SELECT 1 FROM patient_statement s
      WHERE s.custodian = ${custodian} AND s.local_number = ${localNumber} AND s.source = ${source})
    FOR SHARE OF r`;
  return row && shape(row);
}

export async function findRecord(
  tx: Tx,
  custodian: string,
  localNumber: string,
): Promise<RecordRow | undefined> {
  const row = await databaseOf(tx).patientRecord.findUnique({
    where: { custodian_localNumber: { custodian, localNumber } },
    select: columns,
  });
  return row ? shape(row) : undefined;
}

export async function findRecordsByIds(tx: Tx, ids: readonly string[]): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { id: { in: [...ids] } },
    select: columns,
  });
  return rows.map(shape);
}

export async function findRecordsOfPatient(tx: Tx, patientId: string): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { patientId },
    select: columns,
    orderBy: { linkedAt: "asc" },
  });
  return rows.map(shape);
}

export async function findRecordsByNhsNumber(tx: Tx, nhsNumber: string, limit = 50): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { nhsNumber },
    select: columns,
    take: limit,
  });
  return rows.map(shape);
}

/** Of many numbers in one statement; `limit` of all of them together. */
export async function findRecordsByNhsNumbers(
  tx: Tx,
  nhsNumbers: readonly string[],
  limit: number,
): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { nhsNumber: { in: [...nhsNumbers] } },
    select: columns,
    orderBy: { id: "asc" },
    take: limit,
  });
  return rows.map(shape);
}

export async function findRecordsByName(
  tx: Tx,
  name: { familyKey: string; givenKey: string; birthDate: string },
  limit: number,
): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: {
      familyKey: name.familyKey,
      givenKey: name.givenKey,
      birthDate: new Date(name.birthDate),
      isTemporary: false,
    },
    select: columns,
    take: limit,
  });
  return rows.map(shape);
}

export async function findRecordsByNumbers(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<RecordRow[]> {
  if (numbers.length === 0) return [];
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { OR: numbers.map(({ custodian, localNumber }) => ({ custodian, localNumber })) },
    select: columns,
  });
  return rows.map(shape);
}

export async function findRecordsOfPatients(tx: Tx, patientIds: readonly string[]): Promise<RecordRow[]> {
  const rows = await databaseOf(tx).patientRecord.findMany({
    where: { patientId: { in: [...patientIds] } },
    select: columns,
  });
  return rows.map(shape);
}

/** What was said of a number, as its record holds it. */
const storedIdentity = (identity: Folded) => {
  const { family, given, middle, prefix, ideographic, phonetic } = identity.name;
  const facts = factsOf(identity);
  return {
    issuer: identity.issuer ?? null,
    nhsNumber: identity.nhsNumber ?? null,
    nhsVerified: identity.nhsVerified,
    family,
    given,
    middle,
    prefix,
    otherNames: { ...(ideographic ? { ideographic } : {}), ...(phonetic ? { phonetic } : {}) },
    familyKey: facts.familyKey,
    givenKey: facts.givenKey,
    birthDate: identity.birthDate ? new Date(identity.birthDate) : null,
    sex: identity.sex ?? null,
    isTemporary: facts.isTemporary,
    addressKey: identity.addressKey ?? null,
  };
};

export const newPatient = async (tx: Tx): Promise<string> =>
  (await databaseOf(tx).patient.create({ data: {}, select: { id: true } })).id;

export type NewRecord = { custodian: string; localNumber: string; identity: Folded };

export async function createRecord(
  tx: Tx,
  { custodian, localNumber, identity }: NewRecord,
): Promise<RecordRow> {
  const row = await databaseOf(tx).patientRecord.create({
    data: {
      ...storedIdentity(identity),
      patientId: await newPatient(tx),
      custodian,
      localNumber,
      sensitivities: [],
      nameDiffers: false,
      linkedHow: "first seen",
      linkedBy: tx.actor.id,
      linkedAt: tx.now,
    },
    select: columns,
  });
  return shape(row);
}

const isSame = (known: RecordRow, { name, ...identity }: Folded): boolean => {
  const was = known.identity;
  const now = { ...identity, ...name };
  const fields = ["family", "given", "middle", "prefix", "ideographic", "birthDate", "sex"] as const;
  return (
    fields.every((field) => was[field] === now[field]) &&
    was.nhsNumber === identity.nhsNumber &&
    was.nhsVerified === identity.nhsVerified &&
    known.addressKey === identity.addressKey
  );
};

/** The record as everything that was said of it comes to. */
export async function writeFolded(tx: Tx, known: RecordRow, identity: Folded): Promise<RecordRow> {
  if (isSame(known, identity)) return known;
  const row = await databaseOf(tx).patientRecord.update({
    where: { id: known.id },
    data: storedIdentity(identity),
    select: columns,
  });
  return shape(row);
}

export async function moveRecordToPatient(
  tx: Tx,
  recordId: string,
  link: { patientId: string; nameDiffers: boolean; linkedHow: string },
): Promise<void> {
  await databaseOf(tx).patientRecord.update({
    where: { id: recordId },
    data: { ...link, linkedBy: tx.actor.id, linkedAt: tx.now },
    select: { id: true },
  });
}

/** A patient of its own for a record that shared one. */
export async function separateRecord(tx: Tx, recordId: string, linkedHow: string): Promise<string> {
  const id = await newPatient(tx);
  await moveRecordToPatient(tx, recordId, { patientId: id, nameDiffers: false, linkedHow });
  return id;
}

const ordered = (a: string, b: string) => (a < b ? { recordA: a, recordB: b } : { recordA: b, recordB: a });

export async function isNeverLinked(tx: Tx, a: string, b: string): Promise<boolean> {
  const found = await databaseOf(tx).neverLinked.findUnique({
    where: { recordA_recordB: ordered(a, b) },
    select: { recordA: true },
  });
  return found !== null;
}

export async function writeNeverLinked(tx: Tx, a: string, b: string): Promise<void> {
  const pair = ordered(a, b);
  await databaseOf(tx).neverLinked.upsert({
    where: { recordA_recordB: pair },
    create: { ...pair, statedBy: tx.actor.id, statedAt: tx.now },
    update: {},
    select: { recordA: true },
  });
  // Nor does the list of pairs for review relate them any more.
  await databaseOf(tx).patientPair.updateMany({
    where: pair,
    data: { outcome: "never-link", decidedBy: tx.actor.id, decidedAt: tx.now },
  });
}

/** Which of these records may never be related. */
export async function findNeverLinked(
  tx: Tx,
  recordIds: readonly string[],
): Promise<(a: string, b: string) => boolean> {
  const among = { in: [...recordIds] };
  const rows = await databaseOf(tx).neverLinked.findMany({
    where: { recordA: among, recordB: among },
    select: { recordA: true, recordB: true },
  });
  const keys = new Set(rows.map(({ recordA, recordB }) => `${recordA}|${recordB}`));
  return (a, b) => {
    const { recordA, recordB } = ordered(a, b);
    return keys.has(`${recordA}|${recordB}`);
  };
}

/** Pairs that wait for a person among these records: those that are in doubt now, and none that were once. */
export async function keepPairs(
  tx: Tx,
  records: readonly RecordRow[],
  review: readonly Listed[],
): Promise<void> {
  const ids = records.map(({ id }) => id);
  const custodianOf = new Map(records.map(({ id, custodian }) => [id, custodian]));
  const pairs = databaseOf(tx).patientPair;
  const known = await pairs.findMany({
    where: { OR: [{ recordA: { in: ids } }, { recordB: { in: ids } }] },
    select: { id: true, recordA: true, recordB: true, rule: true, outcome: true },
  });
  const wanted = new Map(
    review.map(({ recordA, recordB, rule }) => {
      const pair = ordered(recordA, recordB);
      return [`${pair.recordA}|${pair.recordB}`, { ...pair, rule }];
    }),
  );
  for (const { id, recordA, recordB, rule, outcome } of known) {
    const now = wanted.get(`${recordA}|${recordB}`);
    wanted.delete(`${recordA}|${recordB}`);
    if (now && outcome === "resolved")
      await pairs.update({
        where: { id },
        data: { outcome: "waiting", rule: now.rule, decidedAt: null, decidedBy: null },
        select: { id: true },
      });
    else if (now && outcome === "waiting" && now.rule !== rule)
      await pairs.update({ where: { id }, data: { rule: now.rule }, select: { id: true } });
    else if (!now && outcome === "waiting")
      await pairs.update({
        where: { id },
        data: { outcome: "resolved", decidedAt: tx.now, decidedBy: tx.actor.id },
        select: { id: true },
      });
  }
  await pairs.createMany({
    data: [...wanted.values()].map((pair) => ({ ...pair, custodian: custodianOf.get(pair.recordA) ?? "" })),
    skipDuplicates: true,
  });
}

type PairRow = { id: string; recordA: string; recordB: string; rule: string; createdAt: Date };

/** Of whichever of the two trusts: both hold a half of the answer. */
export async function readPairsForReview(tx: Tx, custodian: string): Promise<PairRow[]> {
  return databaseOf(tx).$queryRaw<PairRow[]>`
    SELECT p.id::text, p.record_a::text AS "recordA", p.record_b::text AS "recordB", p.rule, p.created_at AS "createdAt"
    FROM patient_pair p
    WHERE p.outcome = 'waiting' AND EXISTS (
      SELECT 1 FROM patient_record r WHERE r.id IN (p.record_a, p.record_b) AND r.custodian = ${custodian})
    ORDER BY p.created_at, p.id LIMIT 200`;
}

export async function setSensitivities(tx: Tx, recordId: string, sensitivities: string[]): Promise<void> {
  await databaseOf(tx).patientRecord.update({
    where: { id: recordId },
    data: { sensitivities },
    select: { id: true },
  });
}

/** What a person or a message said of two records that were listed as in doubt. */
export async function decidePair(tx: Tx, a: string, b: string, outcome: "joined" | "apart"): Promise<void> {
  await databaseOf(tx).patientPair.updateMany({
    where: { ...ordered(a, b), outcome: { not: "never-link" } },
    data: { outcome, decidedBy: tx.actor.id, decidedAt: tx.now },
  });
}

/** Which of these households more records than `most` share: no home of a family. */
export async function findCrowdedHouseholds(
  tx: Tx,
  addressKeys: readonly string[],
  most: number,
): Promise<ReadonlySet<string>> {
  const rows = await databaseOf(tx).patientRecord.groupBy({
    by: ["addressKey"],
    where: { addressKey: { in: [...addressKeys] } },
    having: { addressKey: { _count: { gt: most } } },
  });
  return new Set(rows.flatMap(({ addressKey }) => addressKey ?? []));
}

/** How many records have each of these family names, in their normal form. */
export async function countFamilies(tx: Tx, familyKeys: readonly string[]): Promise<Map<string, number>> {
  const rows = await databaseOf(tx).patientRecord.groupBy({
    by: ["familyKey"],
    where: { familyKey: { in: [...familyKeys] } },
    _count: true,
  });
  return new Map(rows.map(({ familyKey, _count }) => [familyKey, _count]));
}
