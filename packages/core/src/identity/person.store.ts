import { databaseOf, type Tx } from "../kernel/tx.ts";

export type SeenPerson = {
  id: string;
  displayName: string;
  lastOrganisation: string;
  lastRole: string;
  lastActivities: readonly string[];
  email: string | undefined;
};

/** Who signed in, as the identity provider names them now. */
export async function rememberPerson(tx: Tx, person: SeenPerson): Promise<void> {
  const { id, lastActivities, email, ...rest } = person;
  // An address that the provider no longer vouches for is forgotten: it may be somebody else's by now.
  const said = { ...rest, lastActivities: [...lastActivities], email: email ?? null, seenAt: tx.now };
  await databaseOf(tx).person.upsert({
    where: { id },
    create: { id, ...said },
    update: said,
    select: { id: true },
  });
}

/** Somebody whom an administrator names before they have ever signed in. Whoever is known keeps their name. */
export async function namePerson(
  tx: Tx,
  { id, displayName, organisation }: { id: string; displayName: string; organisation: string },
): Promise<void> {
  await databaseOf(tx).person.createMany({
    data: [{ id, displayName, lastOrganisation: organisation, lastActivities: [] }],
    skipDuplicates: true,
  });
}

/** What people are called, by id. Who never signed in here is not in it. */
export async function namesOf(tx: Tx, ids: Iterable<string>): Promise<Map<string, string>> {
  const rows = await databaseOf(tx).person.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, displayName: true },
  });
  return new Map(rows.map((row) => [row.id, row.displayName]));
}

/** Where messages to this person go, for the notifier alone: it stands in no answer and in no log. */
export async function emailOf(tx: Tx, id: string): Promise<string | undefined> {
  const found = await databaseOf(tx).person.findUnique({ where: { id }, select: { email: true } });
  return found?.email ?? undefined;
}

export type KnownPerson = {
  personId: string;
  displayName: string;
  role: string | null;
  activities: string[];
  seenAt: Date | null;
};

const MOST_PEOPLE = 500;

/** Those who last signed in for this organisation, and these others. */
export async function peopleOf(
  tx: Tx,
  organisation: string,
  others: Iterable<string>,
): Promise<KnownPerson[]> {
  const rows = await databaseOf(tx).person.findMany({
    where: { OR: [{ lastOrganisation: organisation }, { id: { in: [...new Set(others)] } }] },
    select: {
      id: true,
      displayName: true,
      lastRole: true,
      lastActivities: true,
      seenAt: true,
      lastOrganisation: true,
    },
    orderBy: [{ displayName: "asc" }, { id: "asc" }],
    take: MOST_PEOPLE,
  });
  return rows.map(({ id, displayName, lastRole, lastActivities, lastOrganisation, seenAt }) => {
    const isHere = lastOrganisation === organisation;
    return {
      personId: id,
      displayName,
      role: isHere ? lastRole : null,
      activities: isHere ? lastActivities : [],
      seenAt: isHere ? seenAt : null,
    };
  });
}
