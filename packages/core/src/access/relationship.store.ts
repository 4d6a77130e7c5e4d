import { databaseOf, type Tx } from "../kernel/tx.ts";

export type NewRelationship = {
  patientId: string;
  personId: string;
  organisation: string;
  kind: "statement" | "referral" | "request" | "reporting" | "mdt";
  statement?: string;
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

export async function hasRelationship(tx: Tx, personId: string, patientId: string): Promise<boolean> {
  const found = await databaseOf(tx).relationship.findFirst({
    where: { personId, patientId, startsAt: { lte: tx.now }, endsAt: { gt: tx.now } },
    select: { id: true },
  });
  return found !== null;
}

export async function patientsOf(tx: Tx, personId: string): Promise<string[]> {
  const rows = await databaseOf(tx).relationship.findMany({
    where: { personId, startsAt: { lte: tx.now }, endsAt: { gt: tx.now } },
    select: { patientId: true },
    distinct: ["patientId"],
  });
  return rows.map((row) => row.patientId);
}
