import type { Tx } from "../kernel/index.ts";
import { cluster, type LinkNode } from "./cluster.ts";
import { findParted, groupsOf } from "./merge.store.ts";
import {
  findNeverLinked,
  findRecordsByNhsNumber,
  findRecordsByNumbers,
  findRecordsOfPatients,
  keepPairs,
  lockIdentity,
  moveRecordToPatient,
  newPatient,
  type RecordRow,
} from "./patient.store.ts";

const JOINED = "nhs-number, birth date and name";
const MERGED = "merged by message";
const APART = "apart by what is known";
/** Links that rules made, and rules may unmake. Whatever else stands there is a person's word. */
const BY_RULE: ReadonlySet<string> = new Set(["first seen", JOINED, MERGED, APART, "not to be linked"]);

const MOST_OF_A_NUMBER = 200;

const byId = (records: readonly RecordRow[]) => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];
const patientsOf = (records: readonly RecordRow[]) => [...new Set(records.map(({ patientId }) => patientId))];

/** Everybody whose link may change: who shares the number now or did, who shares the patient, and their merged numbers. */
async function gather(
  tx: Tx,
  touched: readonly RecordRow[],
  nhsNumbers: readonly string[],
): Promise<RecordRow[]> {
  await lockIdentity(tx, nhsNumbers);
  const sharing: RecordRow[] = [];
  for (const number of nhsNumbers)
    sharing.push(...(await findRecordsByNhsNumber(tx, number, MOST_OF_A_NUMBER)));
  const mates = await findRecordsOfPatients(tx, patientsOf([...touched, ...sharing]));
  const known = byId([...touched, ...sharing, ...mates]);
  const merged = await findRecordsByNumbers(tx, (await groupsOf(tx, known)).flat());
  return byId(await findRecordsOfPatients(tx, patientsOf([...known, ...merged])));
}

/** Merged numbers and what a person has linked are one node each. */
async function nodesOf(tx: Tx, records: readonly RecordRow[]): Promise<LinkNode[]> {
  const groups = await groupsOf(tx, records);
  const keyOf = ({ custodian, localNumber }: { custodian: string; localNumber: string }) =>
    `${custodian}|${localNumber}`;
  const sets = groups.map((group) => {
    const keys = new Set(group.map(keyOf));
    return records.filter((record) => keys.has(keyOf(record)));
  });
  const fixed = new Set(
    records.filter(({ linkedHow }) => !BY_RULE.has(linkedHow)).map(({ patientId }) => patientId),
  );
  for (const patientId of fixed) {
    const bound = sets.filter((set) => set.some((record) => record.patientId === patientId));
    const rest = sets.filter((set) => !bound.includes(set));
    sets.splice(0, sets.length, ...rest, bound.flat());
  }
  return sets.flatMap((set): LinkNode[] => {
    // By number, never by when they came: which of them a pair names must not depend on it.
    const ordered = set.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const [first] = ordered;
    const isFixed = set.some(({ patientId }) => fixed.has(patientId));
    return first ? [{ recordIds: ordered.map(({ id }) => id), facts: first.facts, isFixed }] : [];
  });
}

/** The patient whom most of these records have already, so that as little as possible moves. */
function stayingPatient(records: readonly RecordRow[], taken: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const { patientId } of records) counts.set(patientId, (counts.get(patientId) ?? 0) + 1);
  const free = [...counts].filter(([patientId]) => !taken.has(patientId));
  return free.toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

const isLinkedByRule = (record: RecordRow) => BY_RULE.has(record.linkedHow);

function howOf(record: RecordRow, nodes: readonly LinkNode[], isFirst: boolean): string {
  if (nodes.length > 1) return isFirst ? record.linkedHow : JOINED;
  const isMerged = (nodes[0]?.recordIds.length ?? 0) > 1;
  if (isMerged) return MERGED;
  return record.linkedHow === JOINED || record.linkedHow === MERGED ? APART : record.linkedHow;
}

type Person = { nodes: LinkNode[]; differs: ReadonlySet<LinkNode> };

async function settlePerson(
  tx: Tx,
  { nodes, differs }: Person,
  of: ReadonlyMap<string, RecordRow>,
  taken: Set<string>,
) {
  const records = nodes.flatMap(({ recordIds }) => recordIds.flatMap((id) => of.get(id) ?? []));
  const fixed = nodes.find(({ isFixed }) => isFixed)?.recordIds.flatMap((id) => of.get(id) ?? []) ?? [];
  const patientId = fixed[0]?.patientId ?? stayingPatient(records, taken) ?? (await newPatient(tx));
  taken.add(patientId);
  const moved: string[] = [];
  for (const record of records) {
    const nameDiffers = [...differs].some(({ recordIds }) => recordIds.includes(record.id));
    const linkedHow = isLinkedByRule(record)
      ? howOf(record, nodes, record.patientId === patientId)
      : record.linkedHow;
    const isMoved = record.patientId !== patientId;
    if (isMoved) moved.push(record.id);
    if (isMoved || nameDiffers !== record.identity.nameDiffers || linkedHow !== record.linkedHow)
      await moveRecordToPatient(tx, record.id, { patientId, nameDiffers, linkedHow });
  }
  return moved;
}

/**
 * Judges again who is who around these records, after something was said of them: joins, lists for a person, and takes
 * apart what rules had joined and no longer would.
 *
 * @returns the records whose patient changed
 */
export async function relink(
  tx: Tx,
  touched: readonly RecordRow[],
  nhsNumbers: readonly string[],
): Promise<string[]> {
  const records = await gather(tx, touched, nhsNumbers);
  const ids = records.map(({ id }) => id);
  const [never, parted] = [await findNeverLinked(tx, ids), await findParted(tx, records)];
  const isParted = (a: string, b: string) =>
    never(a, b) || parted.some((pair) => pair.includes(a) && pair.includes(b));
  const { people, review } = cluster(await nodesOf(tx, records), isParted);
  await keepPairs(tx, records, review);
  const of = new Map(records.map((record) => [record.id, record]));
  const taken = new Set<string>();
  const moved: string[] = [];
  const hasFixed = (person: Person) => person.nodes.some(({ isFixed }) => isFixed);
  // Who may not move chooses first.
  for (const person of people.toSorted((a, b) => Number(hasFixed(b)) - Number(hasFixed(a))))
    moved.push(...(await settlePerson(tx, person, of, taken)));
  return moved;
}
