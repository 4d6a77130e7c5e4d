import type { Tx } from "../kernel/index.ts";
import { contradictionOf, isSamePersonAsSaid } from "./judge-statement.ts";
import {
  findMergesTouching,
  groupsOf,
  type NumberOfTrust,
  setMergeState,
  type ToldMerge,
} from "./merge.store.ts";
import {
  createRecord,
  findRecord,
  findRecordsByIds,
  findRecordsByNumbers,
  isNeverLinked,
  lockIdentity,
  type RecordRow,
  shareRecordOfSaid,
  writeFolded,
} from "./patient.store.ts";
import { relink } from "./relink.ts";
import { findStatements, isSaid, writeStatement } from "./statement.store.ts";
import { factsOf, foldAsOf, foldStatements, type Statement } from "./statement.ts";

export type Resolved = { record: RecordRow } | { reused: true };

/** The records of one group say the same: what was said of any of its numbers. Each keeps its own number and issuer. */
async function foldGroup(tx: Tx, group: readonly NumberOfTrust[]): Promise<RecordRow[]> {
  const [{ custodian } = { custodian: "" }] = group;
  const numbers = group.map(({ localNumber }) => localNumber);
  const statements = await findStatements(tx, custodian, numbers);
  const folded = foldStatements(statements);
  const records: RecordRow[] = [];
  for (const localNumber of numbers) {
    const own = statements.filter((statement) => statement.localNumber === localNumber);
    if (own.length === 0) continue;
    const identity = { ...folded, issuer: foldStatements(own).issuer };
    const known = await findRecord(tx, custodian, localNumber);
    records.push(
      known
        ? await writeFolded(tx, known, identity)
        : await createRecord(tx, { custodian, localNumber, identity }),
    );
  }
  return records;
}

/**
 * Brings the records of these numbers to what was said of them, and judges their links again.
 *
 * @returns the records whose patient changed
 */
export async function settleNumbers(tx: Tx, numbers: readonly NumberOfTrust[]): Promise<string[]> {
  const before = await findRecordsByNumbers(tx, numbers);
  const records: RecordRow[] = [];
  for (const group of await groupsOf(tx, numbers)) records.push(...(await foldGroup(tx, group)));
  const nhsNumbers = new Set(
    [...before, ...records].flatMap(({ facts }) => (facts.nhsNumber ? [facts.nhsNumber] : [])),
  );
  return relink(tx, records, [...nhsNumbers]);
}

/** What speaks against a merge: by what was known of both numbers when it was said, whatever has come since. */
export async function judgeMerge(tx: Tx, merge: ToldMerge): Promise<string | undefined> {
  const { custodian, oldNumber, survivingNumber, saidAt } = merge;
  const statements = await findStatements(tx, custodian, [oldNumber, survivingNumber]);
  const of = (number: string) =>
    foldAsOf(
      statements.filter(({ localNumber }) => localNumber === number),
      saidAt,
    );
  const [old, surviving] = [of(oldNumber), of(survivingNumber)];
  if (!old || !surviving) return undefined;
  const [a, b] = [
    await findRecord(tx, custodian, oldNumber),
    await findRecord(tx, custodian, survivingNumber),
  ];
  const never = a && b ? await isNeverLinked(tx, a.id, b.id) : false;
  return contradictionOf(factsOf(old), factsOf(surviving), never);
}

/** A merge that held and is contradicted by what came later holds no longer: its message goes to a person. */
async function rejudgeMerges(tx: Tx, number: NumberOfTrust): Promise<NumberOfTrust[]> {
  const parted: NumberOfTrust[] = [];
  for (const merge of await findMergesTouching(tx, [number])) {
    if (merge.state !== "holds") continue;
    const rule = await judgeMerge(tx, merge);
    if (!rule) continue;
    await setMergeState(tx, merge.id, { state: "aside", rule });
    const { custodian } = merge;
    for (const localNumber of [merge.oldNumber, merge.survivingNumber])
      parted.push({ custodian, localNumber });
  }
  return parted;
}

/** Who waits because of one of these records is tried again, and what stands under them is looked at again. */
export const tellChanged = (tx: Tx, recordIds: Iterable<string>) =>
  tx.enqueue("patient.changed", ...[...new Set(recordIds)].map((recordId) => ({ recordId })));

/**
 * Takes in what is said of a local number, in any order: the record is made or brought up to date, and its links are judged
 * again. `reused`: the number is somebody else's in this trust; nothing was written.
 */
export async function hearStatement(
  tx: Tx,
  custodian: string,
  localNumber: string,
  statement: Statement,
): Promise<Resolved> {
  // Said before, word for word: nothing is judged again. Who shares the record with others waits for none of them, only for
  // somebody who is changing it: a thousand images of one patient are taken in side by side.
  const heard = await shareRecordOfSaid(tx, { custodian, localNumber, source: statement.source });
  if (heard) return { record: heard };
  const nhs = statement.says.nhs?.number;
  await lockIdentity(tx, [`${custodian}|${localNumber}`, ...(nhs ? [nhs] : [])]);
  const known = await findRecord(tx, custodian, localNumber);
  if (known && (await isSaid(tx, custodian, localNumber, statement.source))) return { record: known };
  const said = await findStatements(tx, custodian, [localNumber]);
  if (!isSamePersonAsSaid(said, statement, known?.facts)) return { reused: true };
  await writeStatement(tx, custodian, localNumber, statement);
  const parted = await rejudgeMerges(tx, { custodian, localNumber });
  const moved = await settleNumbers(tx, [{ custodian, localNumber }, ...parted]);
  const record = await findRecord(tx, custodian, localNumber);
  if (!record) throw new Error("a statement without its record");
  if (known || moved.length > 0 || parted.length > 0) await tellChanged(tx, [record.id, ...moved]);
  return { record };
}

/** The records of these ids as they stand after their links were judged again. */
export async function relinkRecords(tx: Tx, recordIds: readonly string[]): Promise<void> {
  const records = await findRecordsByIds(tx, recordIds);
  const moved = await settleNumbers(tx, records);
  if (moved.length > 0) await tellChanged(tx, moved);
}
