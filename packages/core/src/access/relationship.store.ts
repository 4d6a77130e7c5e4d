import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewRelationship = {
  patientId: string;
  personId: string;
  organisation: string;
  kind: "statement" | "referral" | "request" | "admission" | "clinic" | "reporting" | "mdt" | "glass";
  statement?: string;
  /** Nothing of the patient but this study. */
  studyId?: string;
  patientRecordId?: string;
  source: string;
  endsAt: Date;
  isProvisional: boolean;
};

/** Writes why somebody may see a patient. The same source again only moves the end. */
export async function relate(tx: Tx, relationship: NewRelationship): Promise<string> {
  const { statement, ...rest } = relationship;
  const { patientId, personId, kind, source, endsAt } = rest;
  const known = await databaseOf(tx).relationship.findFirst({
    where: { patientId, personId, kind, source, endsAt: { gt: tx.now } },
    select: { id: true },
  });
  if (known && kind !== "statement") {
    await databaseOf(tx).relationship.update({
      where: { id: known.id },
      data: { endsAt },
      select: { id: true },
    });
    return known.id;
  }
  const row = await databaseOf(tx).relationship.create({
    data: { ...rest, statement: statement ?? null, startsAt: tx.now },
    select: { id: true },
  });
  return row.id;
}

/** What a message says of who cares for a patient: all that holds for one source (a request, a stay, an appointment). */
export type Wanted = {
  patientId: string;
  patientRecordId: string;
  personId: string;
  /** From now on, where it isn't said. */
  startsAt?: Date;
  endsAt: Date;
};
export type RelationshipSource = Pick<NewRelationship, "organisation" | "kind" | "source">;

async function bringTo(
  tx: Tx,
  id: string,
  { startsAt, endsAt }: { startsAt?: Date; endsAt: Date },
): Promise<void> {
  await databaseOf(tx).relationship.update({
    where: { id },
    data: { endsAt, ...(startsAt ? { startsAt } : {}) },
    select: { id: true },
  });
}

/**
 * Brings the relationships of one source to exactly these: who is no longer named has none from now on. Repeating it changes
 * nothing, and neither does the order in which messages came to the same.
 */
export async function relateExactly(
  tx: Tx,
  from: RelationshipSource,
  wanted: readonly Wanted[],
): Promise<void> {
  const known = await databaseOf(tx).relationship.findMany({
    where: from,
    select: { id: true, personId: true, startsAt: true, endsAt: true },
  });
  const left = new Map(known.map((row) => [row.personId, row]));
  for (const { personId, startsAt, endsAt, ...of } of wanted) {
    const row = left.get(personId);
    left.delete(personId);
    if (row) await bringTo(tx, row.id, { endsAt, ...(startsAt ? { startsAt } : {}) });
    else if (endsAt > tx.now)
      await databaseOf(tx).relationship.create({
        data: { ...from, ...of, personId, endsAt, startsAt: startsAt ?? tx.now, isProvisional: false },
        select: { id: true },
      });
  }
  for (const { id, endsAt } of left.values()) if (endsAt > tx.now) await bringTo(tx, id, { endsAt: tx.now });
}

export type ListedFor = Pick<NewRelationship, "source" | "patientId" | "personId" | "endsAt"> & {
  patientRecordId: string;
};

/**
 * As `relateExactly`, of many sources at once and in three statements: who is on a list's cases, and until when. Sources that
 * nobody is wanted for have nobody from now on.
 */
export async function relateAllExactly(
  tx: Tx,
  {
    organisation,
    kind,
    sources,
  }: Pick<NewRelationship, "organisation" | "kind"> & { sources: readonly string[] },
  wanted: readonly ListedFor[],
): Promise<void> {
  const db = databaseOf(tx);
  const rows = JSON.stringify(wanted);
  await db.$executeRaw`
    UPDATE relationship r SET ends_at = ${tx.now}::timestamptz
    WHERE r.organisation = ${organisation} AND r.kind = ${kind} AND r.source = ANY (${[...sources]}::text[]) AND r.ends_at > ${tx.now}::timestamptz
      AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(${rows}::jsonb) AS w(source text, "personId" text)
        WHERE w.source = r.source AND w."personId" = r.person_id)`;
  await db.$executeRaw`
    UPDATE relationship r SET ends_at = w."endsAt"
    FROM jsonb_to_recordset(${rows}::jsonb) AS w(source text, "personId" text, "endsAt" timestamptz)
    WHERE r.organisation = ${organisation} AND r.kind = ${kind} AND r.source = w.source AND r.person_id = w."personId" AND r.ends_at <> w."endsAt"`;
  await db.$executeRaw`
    INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at, is_provisional, patient_record_id)
    SELECT uuidv7(), w."patientId", w."personId", ${organisation}, ${kind}, w.source, ${tx.now}::timestamptz, w."endsAt", false, w."patientRecordId"
    FROM jsonb_to_recordset(${rows}::jsonb) AS w(source text, "patientId" uuid, "personId" text, "endsAt" timestamptz, "patientRecordId" uuid)
    WHERE w."endsAt" > ${tx.now}::timestamptz AND NOT EXISTS (SELECT 1 FROM relationship r
      WHERE r.organisation = ${organisation} AND r.kind = ${kind} AND r.source = w.source AND r.person_id = w."personId")`;
}

export type Assignment = { id: string; personId: string; organisation: string; startsAt: Date; endsAt: Date };

/** To whom a study is sent to report, now. */
export const assignmentsOf = (tx: Tx, studyId: string, patientId: string): Promise<Assignment[]> =>
  databaseOf(tx).relationship.findMany({
    where: { patientId, studyId, kind: "reporting", endsAt: { gt: tx.now } },
    select: { id: true, personId: true, organisation: true, startsAt: true, endsAt: true },
    orderBy: [{ startsAt: "desc" }, { id: "desc" }],
  });

export async function endAssignment(tx: Tx, id: string): Promise<void> {
  await bringTo(tx, id, { endsAt: tx.now });
}

export async function hasRelationship(tx: Tx, personId: string, patientId: string): Promise<boolean> {
  const found = await databaseOf(tx).relationship.findFirst({
    where: { personId, patientId, studyId: null, startsAt: { lte: tx.now }, endsAt: { gt: tx.now } },
    select: { id: true },
  });
  return found !== null;
}

export async function patientsOf(tx: Tx, personId: string): Promise<string[]> {
  const rows = await databaseOf(tx).relationship.findMany({
    where: { personId, studyId: null, startsAt: { lte: tx.now }, endsAt: { gt: tx.now } },
    select: { patientId: true },
    distinct: ["patientId"],
  });
  return rows.map((row) => row.patientId);
}

/** Relationships of these patients, whoever's, that had not ended before then. */
export async function relationshipsOf(tx: Tx, patientIds: readonly string[], since: Date) {
  return databaseOf(tx).relationship.findMany({
    where: { patientId: { in: [...patientIds] }, endsAt: { gte: since } },
    select: {
      patientId: true,
      personId: true,
      organisation: true,
      kind: true,
      startsAt: true,
      endsAt: true,
      isProvisional: true,
    },
  });
}
