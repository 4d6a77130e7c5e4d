import { Conflict, type Tx } from "../kernel/index.ts";
import { judgeMerge, settleNumbers, tellChanged } from "./hear-statement.ts";
import {
  findMergesTouching,
  markMergeUndone,
  setMergeState,
  type ToldMerge,
  writeToldMerge,
} from "./merge.store.ts";
import { findRecordsByNumbers, lockIdentity, type RecordRow } from "./patient.store.ts";

export type Merge = { oldNumber: string; survivingNumber: string; source: string; saidAt: Date };

type Ends = { custodian: string; oldNumber: string; survivingNumber: string };
const numbersOf = ({ custodian, oldNumber, survivingNumber }: Ends) =>
  [oldNumber, survivingNumber].map((localNumber) => ({ custodian, localNumber }));

async function settleEnds(tx: Tx, merge: ToldMerge): Promise<void> {
  const moved = await settleNumbers(tx, numbersOf(merge));
  // Nothing is told where nothing changed: what waits would be tried again for ever.
  if (moved.length === 0) return;
  const ends = await findRecordsByNumbers(tx, numbersOf(merge));
  await tellChanged(tx, [...moved, ...ends.map(({ id }) => id)]);
}

/**
 * Two local numbers of one trust are one person, a message says. Either may be unknown still: what comes under it later
 * belongs to that person. Reversible: the records and what hangs on them stay, each under its own number.
 *
 * @returns what speaks against it (clinical page §3): then nothing is joined, and a person decides
 */
export async function hearMerge(
  tx: Tx,
  custodian: string,
  merge: Merge,
): Promise<{ contradiction: string | undefined }> {
  await lockIdentity(
    tx,
    numbersOf({ custodian, ...merge }).map((one) => `${one.custodian}|${one.localNumber}`),
  );
  const row = await writeToldMerge(tx, { custodian, ...merge });
  if (row.state === "undone") return { contradiction: undefined };
  const contradiction = await judgeMerge(tx, row);
  if (contradiction) await setMergeState(tx, row.id, { state: "aside", rule: contradiction });
  await settleEnds(tx, row);
  return { contradiction };
}

/**
 * Takes a message's merge back: each number is its own person's again, with all that came under it. The row stays and says
 * why.
 *
 * @throws {Conflict} `ALREADY_UNDONE`; `NOT_MERGED` for one that waits for a person
 */
export async function undoToldMerge(tx: Tx, merge: ToldMerge, reason: string): Promise<void> {
  if (merge.state === "undone") throw new Conflict("ALREADY_UNDONE", "This was undone already.");
  if (merge.state === "aside")
    throw new Conflict("NOT_MERGED", "This message waits in the quarantine. It joined nothing.");
  await lockIdentity(
    tx,
    numbersOf(merge).map((one) => `${one.custodian}|${one.localNumber}`),
  );
  await markMergeUndone(tx, merge.id, reason);
  await settleEnds(tx, merge);
}

/** Merges of messages that touch a record's number and are contradicted by what is known. */
export async function findContradictedMerges(
  tx: Tx,
  number: { custodian: string; localNumber: string },
): Promise<{ source: string; rule: string }[]> {
  const merges = await findMergesTouching(tx, [number]);
  return merges.flatMap(({ state, source, rule }) =>
    state === "aside" ? [{ source, rule: rule ?? "" }] : [],
  );
}

/** Two numbers that a message made one and that are not to be linked: the merge holds no longer. */
export async function partMerged(tx: Tx, a: RecordRow, b: RecordRow): Promise<void> {
  const ends = new Set([a.localNumber, b.localNumber]);
  for (const merge of a.custodian === b.custodian ? await findMergesTouching(tx, [a]) : [])
    if (ends.has(merge.oldNumber) && ends.has(merge.survivingNumber))
      await markMergeUndone(tx, merge.id, "not to be linked");
}
