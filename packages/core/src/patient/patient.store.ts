import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { MatchFacts } from "./judge-pair.ts";
import { matchFactsOf, type PatientIdentity, type StatedIdentity } from "./patient.ts";

export type RecordRow = {
  id: string;
  patientId: string;
  custodian: string;
  localNumber: string;
  sensitivities: string[];
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
  sensitivities: true,
  nameDiffers: true,
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
  sensitivities: string[];
  nameDiffers: boolean;
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

export type NewRecord = {
  patientId: string | undefined;
  custodian: string;
  identity: StatedIdentity;
  nameDiffers: boolean;
  linkedHow: string;
};

const storedNames = (identity: StatedIdentity) => ({
  ...(identity.ideographic ? { ideographic: identity.ideographic } : {}),
  ...(identity.phonetic ? { phonetic: identity.phonetic } : {}),
});

export async function createRecord(tx: Tx, record: NewRecord): Promise<RecordRow> {
  const db = databaseOf(tx);
  const patientId = record.patientId ?? (await db.patient.create({ data: {}, select: { id: true } })).id;
  const facts = matchFactsOf(record.identity);
  const row = await db.patientRecord.create({
    data: {
      patientId,
      custodian: record.custodian,
      localNumber: record.identity.localNumber,
      issuer: record.identity.issuer ?? null,
      nhsNumber: facts.nhsNumber ?? null,
      nhsVerified: record.identity.nhsVerified,
      family: record.identity.family,
      given: record.identity.given,
      middle: record.identity.middle,
      prefix: record.identity.prefix,
      otherNames: storedNames(record.identity),
      familyKey: facts.familyKey,
      givenKey: facts.givenKey,
      birthDate: facts.birthDate ? new Date(facts.birthDate) : null,
      sex: facts.sex ?? null,
      isTemporary: facts.isTemporary,
      sensitivities: [],
      nameDiffers: record.nameDiffers,
      linkedHow: record.linkedHow,
      linkedBy: tx.actor.id,
      linkedAt: tx.now,
    },
    select: columns,
  });
  return shape(row);
}

/** Fills what the record did not say yet. What it says already stays. */
export async function completeRecord(
  tx: Tx,
  id: string,
  missing: { nhsNumber?: string; birthDate?: string; sex?: string },
) {
  await databaseOf(tx).patientRecord.update({
    where: { id },
    data: {
      ...(missing.nhsNumber ? { nhsNumber: missing.nhsNumber } : {}),
      ...(missing.birthDate ? { birthDate: new Date(missing.birthDate) } : {}),
      ...(missing.sex ? { sex: missing.sex } : {}),
    },
    select: { id: true },
  });
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
  const { id } = await databaseOf(tx).patient.create({ data: {}, select: { id: true } });
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

export async function listForReview(tx: Tx, a: RecordRow, b: RecordRow, rule: string): Promise<void> {
  const pair = ordered(a.id, b.id);
  await databaseOf(tx).patientPair.upsert({
    where: { recordA_recordB: pair },
    create: { ...pair, rule, custodian: a.custodian },
    update: {},
    select: { id: true },
  });
}

export async function readPairsForReview(tx: Tx, custodian: string) {
  return databaseOf(tx).patientPair.findMany({
    where: { custodian, outcome: "waiting" },
    select: { id: true, recordA: true, recordB: true, rule: true, createdAt: true },
    orderBy: { createdAt: "asc" },
    take: 200,
  });
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
