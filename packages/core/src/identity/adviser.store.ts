import { databaseOf, type Tx } from "../kernel/tx.ts";

/** Somebody of the region who reports or treats, as they signed in last. */
export type Adviser = { personId: string; displayName: string; organisation: string; role: string | null };

const columns = { id: true, displayName: true, lastOrganisation: true, lastRole: true } as const;
const ADVISES = { hasSome: ["report", "state-relationship"] };

type Row = { id: string; displayName: string; lastOrganisation: string; lastRole: string | null };
const shape = ({ id, displayName, lastOrganisation, lastRole }: Row): Adviser => ({
  personId: id,
  displayName,
  organisation: lastOrganisation,
  role: lastRole,
});

export async function findAdviser(tx: Tx, personId: string): Promise<Adviser | undefined> {
  const row = await databaseOf(tx).person.findFirst({
    where: { id: personId, lastActivities: ADVISES },
    select: columns,
  });
  return row ? shape(row) : undefined;
}

/** Whose name has every one of these words, in any order. */
export async function findAdvisers(tx: Tx, words: string, limit: number): Promise<Adviser[]> {
  const rows = await databaseOf(tx).person.findMany({
    where: {
      lastActivities: ADVISES,
      AND: words
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => ({ displayName: { contains: word, mode: "insensitive" as const } })),
    },
    select: columns,
    orderBy: [{ displayName: "asc" }, { id: "asc" }],
    take: limit,
  });
  return rows.map(shape);
}
