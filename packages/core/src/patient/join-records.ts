import { Conflict, type Tx } from "../kernel/index.ts";
import { findMergeOf, type MadeMerge, markMergeUndone, writeMadeMerge } from "./merge.store.ts";
import {
  decidePair,
  findRecordsByIds,
  findRecordsOfPatient,
  isNeverLinked,
  lockIdentity,
  moveRecordToPatient,
  type RecordRow,
} from "./patient.store.ts";

export type RecordJoin = {
  /** The number that goes, and the one that stays. */
  from: RecordRow;
  into: RecordRow;
  reason: string;
};

const keyOf = ({ custodian, localNumber }: RecordRow) => `${custodian}|${localNumber}`;

const differsFrom = (record: RecordRow, group: readonly RecordRow[]) =>
  group.some(
    ({ id, facts }) =>
      id !== record.id &&
      (facts.familyKey !== record.facts.familyKey || facts.givenKey !== record.facts.givenKey),
  );

async function refuseNeverLinked(tx: Tx, group: readonly RecordRow[], others: readonly RecordRow[]) {
  for (const one of group)
    for (const other of others)
      if (await isNeverLinked(tx, one.id, other.id))
        throw new Conflict("NEVER_LINKED", "These two are marked as not to be linked. Nothing joins them.");
}

/**
 * Two records are one person's from now on: every record of the first one's patient goes to the second one's, and the history
 * says by whom, so that it can be undone. In one trust the first number is retired: what still comes under it is the second's.
 *
 * @throws {Conflict} `NEVER_LINKED`, `ALREADY_MERGED`
 */
export async function joinRecords(tx: Tx, { from, into, reason }: RecordJoin): Promise<MadeMerge> {
  await lockIdentity(tx, [keyOf(from), keyOf(into)]);
  const isOne = from.patientId === into.patientId;
  const isRetired = from.custodian === into.custodian && (await findMergeOf(tx, from.id)) === undefined;
  if (from.id === into.id || (isOne && !isRetired))
    throw new Conflict("ALREADY_MERGED", "These two records are one patient's already.");
  const [moved, stayed] = [
    isOne ? [] : await findRecordsOfPatient(tx, from.patientId),
    await findRecordsOfPatient(tx, into.patientId),
  ];
  await refuseNeverLinked(tx, moved, stayed);
  for (const record of moved)
    await moveRecordToPatient(tx, record.id, {
      patientId: into.patientId,
      nameDiffers: record.identity.nameDiffers || differsFrom(record, stayed),
      linkedHow: "merged by a person",
    });
  await decidePair(tx, from.id, into.id, "joined");
  return writeMadeMerge(tx, {
    custodian: from.custodian,
    fromRecord: from.id,
    intoRecord: into.id,
    fromPatient: from.patientId,
    intoPatient: into.patientId,
    movedRecords: moved.map(({ id }) => id),
    reason,
  });
}

/**
 * A merge was wrong: its records are their own patient's again, with what hung on them and what was stated of them.
 *
 * @throws {Conflict} `ALREADY_UNDONE`, `MERGED_ON`
 */
export async function partRecords(tx: Tx, merge: MadeMerge, reason: string): Promise<void> {
  if (merge.undoneAt) throw new Conflict("ALREADY_UNDONE", "This was undone already.");
  const moved = await findRecordsByIds(tx, [...merge.movedRecords, merge.intoRecord]);
  await lockIdentity(tx, moved.map(keyOf));
  if (moved.some(({ patientId }) => patientId !== merge.intoPatient))
    throw new Conflict("MERGED_ON", "A later merge stands on this one. Undo that one first.");
  const back = moved.filter(({ id }) => merge.movedRecords.includes(id));
  for (const record of back)
    await moveRecordToPatient(tx, record.id, {
      patientId: merge.fromPatient,
      nameDiffers: differsFrom(record, back),
      linkedHow: "a merge was undone",
    });
  await decidePair(tx, merge.fromRecord, merge.intoRecord, "apart");
  await markMergeUndone(tx, merge.id, reason);
}

const MOST_STEPS = 8;

/** The record that stands for this one: where its number was merged into another of its trust, the other. */
export async function survivorOf(tx: Tx, record: RecordRow): Promise<RecordRow> {
  let survivor = record;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const merge = await findMergeOf(tx, survivor.id);
    const [into] = merge ? await findRecordsByIds(tx, [merge.intoRecord]) : [];
    if (!into || into.custodian !== record.custodian) return survivor;
    survivor = into;
  }
  return survivor;
}
