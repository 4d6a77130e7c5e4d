import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareWords } from "./newest-word.ts";

/** `holds`; `aside`: contradicted, a person decides; `undone`: by a person, or by a pair that is not to be linked. */
export type MergeState = "holds" | "aside" | "undone";

export type MergeRow = {
  id: string;
  custodian: string;
  oldNumber: string;
  survivingNumber: string;
  source: string;
  saidAt: Date;
  state: MergeState;
  /** Why it waits for a person. */
  rule: string | null;
};

const columns = {
  id: true,
  custodian: true,
  oldNumber: true,
  survivingNumber: true,
  source: true,
  saidAt: true,
  state: true,
  rule: true,
} as const;

const STATES = ["holds", "aside", "undone"] as const;
const shape = <R extends { state: string }>(row: R): Omit<R, "state"> & { state: MergeState } => ({
  ...row,
  state: STATES.find((state) => state === row.state) ?? "aside",
});

export type NumberOfTrust = { custodian: string; localNumber: string };

export async function findMergesTouching(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<MergeRow[]> {
  if (numbers.length === 0) return [];
  const of = new Map<string, string[]>();
  for (const { custodian, localNumber } of numbers)
    of.set(custodian, [...(of.get(custodian) ?? []), localNumber]);
  const rows = await databaseOf(tx).patientMerge.findMany({
    where: {
      OR: [...of].flatMap(([custodian, all]) => [
        { custodian, oldNumber: { in: all } },
        { custodian, survivingNumber: { in: all } },
      ]),
    },
    select: columns,
  });
  return rows.map(shape);
}

/** A number that was merged twice went where the newest word says. */
function inForce(merges: readonly MergeRow[]): MergeRow[] {
  const newest = new Map<string, MergeRow>();
  for (const merge of merges.filter(({ state }) => state === "holds")) {
    const key = `${merge.custodian}|${merge.oldNumber}`;
    const known = newest.get(key);
    const word = { at: merge.saidAt, id: merge.source };
    if (!known || compareWords({ at: known.saidAt, id: known.source }, word) < 0) newest.set(key, merge);
  }
  return [...newest.values()];
}

const keyOf = ({ custodian, localNumber }: NumberOfTrust) => `${custodian}|${localNumber}`;
const endsOf = ({ custodian, oldNumber, survivingNumber }: MergeRow): NumberOfTrust[] =>
  [oldNumber, survivingNumber].map((localNumber) => ({ custodian, localNumber }));

async function reachable(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<MergeRow[]> {
  const merges = new Map<string, MergeRow>();
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

export type NewMerge = Omit<MergeRow, "id" | "state" | "rule">;

/** A merge as its message says it. One that waited for a person and comes again is judged anew. */
export async function writeMerge(tx: Tx, merge: NewMerge): Promise<MergeRow> {
  const { custodian, oldNumber, survivingNumber, source } = merge;
  const changed = { state: "holds", changedBy: tx.actor.id, changedAt: tx.now, rule: null, reason: null };
  const row = await databaseOf(tx).patientMerge.upsert({
    where: {
      custodian_oldNumber_survivingNumber_source: { custodian, oldNumber, survivingNumber, source },
    },
    create: { ...merge, ...changed },
    update: changed,
    select: columns,
  });
  return shape(row);
}

export async function setMergeState(
  tx: Tx,
  id: string,
  to: { state: MergeState; rule?: string; reason?: string },
): Promise<void> {
  await databaseOf(tx).patientMerge.update({
    where: { id },
    data: {
      state: to.state,
      rule: to.rule ?? null,
      reason: to.reason ?? null,
      changedBy: tx.actor.id,
      changedAt: tx.now,
    },
    select: { id: true },
  });
}

/** The merges of one message. */
export async function findMergesBySource(tx: Tx, custodian: string, source: string): Promise<MergeRow[]> {
  const rows = await databaseOf(tx).patientMerge.findMany({ where: { custodian, source }, select: columns });
  return rows.map(shape);
}
