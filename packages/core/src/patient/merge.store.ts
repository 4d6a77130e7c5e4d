import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareWords } from "./newest-word.ts";

/** `holds`; `aside`: contradicted, a person decides; `undone`: by a person, or by a pair that is not to be linked. */
export type MergeState = "holds" | "aside" | "undone";

/** What a message said (ADT A40): two local numbers of one trust are one person. Either may be unknown still. */
export type ToldMerge = {
  how: "message";
  id: string;
  custodian: string;
  oldNumber: string;
  survivingNumber: string;
  source: string;
  saidAt: Date;
  state: MergeState;
  /** Why it waits for a person. */
  rule: string | undefined;
} & Made;

/** A person's word that two records are one patient's, with exactly what was moved. */
export type MadeMerge = {
  how: "person";
  id: string;
  custodian: string;
  fromRecord: string;
  intoRecord: string;
  fromPatient: string;
  intoPatient: string;
  movedRecords: string[];
  movedStudies: string[];
  reason: string;
  state: MergeState;
} & Made;

type Made = { by: string; at: Date; undoneAt: Date | undefined };
export type AnyMerge = ToldMerge | MadeMerge;

const columns = {
  id: true,
  custodian: true,
  how: true,
  fromRecord: true,
  intoRecord: true,
  fromPatient: true,
  intoPatient: true,
  movedRecords: true,
  movedStudies: true,
  reason: true,
  oldNumber: true,
  survivingNumber: true,
  source: true,
  saidAt: true,
  rule: true,
  state: true,
  by: true,
  at: true,
  undoneAt: true,
} as const;

type Row = {
  id: string;
  custodian: string;
  how: string;
  fromRecord: string | null;
  intoRecord: string | null;
  fromPatient: string | null;
  intoPatient: string | null;
  movedRecords: string[];
  movedStudies: string[];
  reason: string | null;
  oldNumber: string | null;
  survivingNumber: string | null;
  source: string | null;
  saidAt: Date | null;
  rule: string | null;
  state: string;
  by: string;
  at: Date;
  undoneAt: Date | null;
};

const STATES = ["holds", "aside", "undone"] as const;
const isMessage = { how: "message" } as const;

/** What a row of each kind has, the table's own check holds (`record_merge_says_whom`). */
function shape(row: Row): AnyMerge {
  const { id, custodian, by, at } = row;
  const state = STATES.find((one) => one === row.state) ?? "aside";
  const every = { id, custodian, by, at, state, undoneAt: row.undoneAt ?? undefined };
  if (row.how === "message")
    return {
      ...every,
      how: "message",
      oldNumber: row.oldNumber ?? "",
      survivingNumber: row.survivingNumber ?? "",
      source: row.source ?? "",
      saidAt: row.saidAt ?? row.at,
      rule: row.rule ?? undefined,
    };
  return {
    ...every,
    how: "person",
    fromRecord: row.fromRecord ?? "",
    intoRecord: row.intoRecord ?? "",
    fromPatient: row.fromPatient ?? "",
    intoPatient: row.intoPatient ?? "",
    movedRecords: row.movedRecords,
    movedStudies: row.movedStudies,
    reason: row.reason ?? "",
  };
}

const told = (rows: readonly Row[]): ToldMerge[] =>
  rows.map(shape).flatMap((merge) => (merge.how === "message" ? [merge] : []));
const made = (row: Row | null): MadeMerge | undefined => {
  const merge = row && shape(row);
  return merge?.how === "person" ? merge : undefined;
};

export type NumberOfTrust = { custodian: string; localNumber: string };

export async function findMergesTouching(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<ToldMerge[]> {
  if (numbers.length === 0) return [];
  const of = new Map<string, string[]>();
  for (const { custodian, localNumber } of numbers)
    of.set(custodian, [...(of.get(custodian) ?? []), localNumber]);
  const rows = await databaseOf(tx).recordMerge.findMany({
    where: {
      ...isMessage,
      OR: [...of].flatMap(([custodian, all]) => [
        { custodian, oldNumber: { in: all } },
        { custodian, survivingNumber: { in: all } },
      ]),
    },
    select: columns,
  });
  return told(rows);
}

/** A number that was merged twice went where the newest word says. */
function inForce(merges: readonly ToldMerge[]): ToldMerge[] {
  const newest = new Map<string, ToldMerge>();
  for (const merge of merges.filter(({ state }) => state === "holds")) {
    const key = `${merge.custodian}|${merge.oldNumber}`;
    const known = newest.get(key);
    const word = { at: merge.saidAt, id: merge.source };
    if (!known || compareWords({ at: known.saidAt, id: known.source }, word) < 0) newest.set(key, merge);
  }
  return [...newest.values()];
}

const keyOf = ({ custodian, localNumber }: NumberOfTrust) => `${custodian}|${localNumber}`;
const endsOf = ({ custodian, oldNumber, survivingNumber }: ToldMerge): NumberOfTrust[] =>
  [oldNumber, survivingNumber].map((localNumber) => ({ custodian, localNumber }));

async function reachable(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<ToldMerge[]> {
  const merges = new Map<string, ToldMerge>();
  const seen = new Set(numbers.map(keyOf));
  for (let frontier = [...numbers]; frontier.length > 0; ) {
    const found = await findMergesTouching(tx, frontier);
    for (const merge of found) merges.set(merge.id, merge);
    frontier = found.flatMap(endsOf).filter((number) => !seen.has(keyOf(number)));
    for (const number of frontier) seen.add(keyOf(number));
  }
  return [...merges.values()];
}

/**
 * The local numbers that merges make one, for each of these: a group is the same whichever of its numbers is asked for,
 * and whatever the order in which the merges came.
 */
export async function groupsOf(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<NumberOfTrust[][]> {
  const merges = inForce(await reachable(tx, numbers));
  const groups: Map<string, NumberOfTrust>[] = [];
  for (const some of [...numbers.map((one) => [one]), ...merges.map(endsOf)]) {
    const touched = groups.filter((group) => some.some((number) => group.has(keyOf(number))));
    const whole = new Map(some.map((number) => [keyOf(number), number]));
    for (const group of touched) {
      for (const [key, number] of group) whole.set(key, number);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(whole);
  }
  const isAsked = new Set(numbers.map(keyOf));
  return groups
    .filter((group) => [...group.keys()].some((key) => isAsked.has(key)))
    .map((group) => [...group.values()]);
}

export type NewToldMerge = Pick<
  ToldMerge,
  "custodian" | "oldNumber" | "survivingNumber" | "source" | "saidAt"
>;

/**
 * A merge as its message says it, under the lock of its numbers. One that waited for a person and comes again is judged
 * anew; one that was undone stays so.
 */
export async function writeToldMerge(tx: Tx, merge: NewToldMerge): Promise<ToldMerge> {
  const { saidAt: _at, ...key } = merge;
  const [known] = told(await databaseOf(tx).recordMerge.findMany({ where: key, select: columns, take: 1 }));
  if (known?.state === "undone") return known;
  if (known) {
    await setMergeState(tx, known.id, { state: "holds" });
    return { ...known, state: "holds", rule: undefined };
  }
  const row = await databaseOf(tx).recordMerge.create({
    data: {
      ...merge,
      ...isMessage,
      movedRecords: [],
      movedStudies: [],
      state: "holds",
      by: tx.actor.id,
      at: tx.now,
    },
    select: columns,
  });
  const [written] = told([row]);
  if (!written) throw new Error("a merge of a message that is none");
  return written;
}

export async function setMergeState(
  tx: Tx,
  id: string,
  to: { state: "holds" | "aside"; rule?: string },
): Promise<void> {
  await databaseOf(tx).recordMerge.update({
    where: { id },
    data: { state: to.state, rule: to.rule ?? null },
    select: { id: true },
  });
}

export type NewMadeMerge = Omit<MadeMerge, "id" | "how" | "movedStudies" | "state" | keyof Made>;

export async function writeMadeMerge(tx: Tx, merge: NewMadeMerge): Promise<MadeMerge> {
  const row = await databaseOf(tx).recordMerge.create({
    data: { ...merge, how: "person", movedStudies: [], state: "holds", by: tx.actor.id, at: tx.now },
    select: columns,
  });
  const written = made(row);
  if (!written) throw new Error("a merge of a person that is none");
  return written;
}

/** Studies that are served under the surviving number since: an undo takes exactly these back. */
export async function noteMovedStudies(tx: Tx, mergeId: string, studyIds: readonly string[]): Promise<void> {
  await databaseOf(tx).recordMerge.update({
    where: { id: mergeId },
    data: { movedStudies: [...studyIds] },
    select: { id: true },
  });
}

export async function findMerge(tx: Tx, id: string): Promise<AnyMerge | undefined> {
  const row = await databaseOf(tx).recordMerge.findUnique({ where: { id }, select: columns });
  return row ? shape(row) : undefined;
}

/** The merge in force by which this record was retired, the latest. */
export async function findMergeOf(tx: Tx, fromRecord: string): Promise<MadeMerge | undefined> {
  return made(
    await databaseOf(tx).recordMerge.findFirst({
      where: { fromRecord, state: "holds" },
      select: columns,
      orderBy: { at: "desc" },
    }),
  );
}

/** The newest of each kind: a night's messages don't push out what a person did. */
export async function readMerges(tx: Tx, custodian: string, mostOfEach: number): Promise<AnyMerge[]> {
  const of = (how: AnyMerge["how"]) =>
    databaseOf(tx).recordMerge.findMany({
      where: { custodian, how },
      select: columns,
      orderBy: { at: "desc" },
      take: mostOfEach,
    });
  const rows = [...(await of("person")), ...(await of("message"))];
  return rows.map(shape).sort((a, b) => b.at.getTime() - a.at.getTime());
}

export async function markMergeUndone(tx: Tx, id: string, reason: string): Promise<void> {
  await databaseOf(tx).recordMerge.update({
    where: { id },
    data: { state: "undone", undoneAt: tx.now, undoneBy: tx.actor.id, undoneReason: reason },
    select: { id: true },
  });
}

type Numbered = NumberOfTrust & { id: string };

/** Pairs of these records that a person has parted: no rule brings them together again. */
export async function findParted(tx: Tx, records: readonly Numbered[]): Promise<[string, string][]> {
  const ids = { in: records.map(({ id }) => id) };
  const numbers = { in: records.map(({ localNumber }) => localNumber) };
  const rows = await databaseOf(tx).recordMerge.findMany({
    where: {
      state: "undone",
      OR: [
        { fromRecord: ids, intoRecord: ids },
        {
          custodian: { in: records.map(({ custodian }) => custodian) },
          oldNumber: numbers,
          survivingNumber: numbers,
        },
      ],
    },
    select: columns,
  });
  const idOf = new Map(records.map((record) => [keyOf(record), record.id]));
  return rows.map(shape).flatMap((merge): [string, string][] => {
    if (merge.how === "person") return [[merge.fromRecord, merge.intoRecord]];
    const [old, surviving] = endsOf(merge).map((end) => idOf.get(keyOf(end)));
    return old && surviving ? [[old, surviving]] : [];
  });
}
