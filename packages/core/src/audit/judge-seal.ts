import type { SealableRow } from "./canonical.ts";
import { hashesOf, rootOf, type Seal } from "./seal.ts";

/**
 * What is wrong with one link. `row-…`: the rows are not those that were sealed. `seal-…`: the database's own seal is not
 * what was copied to the locked bucket. `copy-…`: the locked copy itself. `chain-broken`: it doesn't follow the one before.
 */
export type SealFault = {
  chain: string;
  number: number;
  kind:
    | "row-altered"
    | "row-missing"
    | "row-inserted"
    | "seal-altered"
    | "seal-missing"
    | "copy-missing"
    | "copy-altered"
    | "chain-broken";
  rowIds?: string[];
};

export type SealRow = {
  chain: string;
  number: number;
  xidFrom: bigint;
  xidTo: bigint;
  count: number;
  root: string;
  previous: string;
  sealedAt: Date;
  /** Of the seal before it in the database; none where it isn't there. */
  rootBefore: string | undefined;
};

/** Every name of ids, and there may be thousands: the first are enough to look on. */
const MOST_NAMED = 100;

function rowFaults(seal: Seal, rows: readonly SealableRow[]): SealFault[] {
  const { chain, number } = seal;
  const [sealed, here] = [new Map(seal.rows), new Map(hashesOf(rows))];
  const named = (kind: SealFault["kind"], rowIds: string[]): SealFault[] =>
    rowIds.length > 0 ? [{ chain, number, kind, rowIds: rowIds.slice(0, MOST_NAMED) }] : [];
  const ids = [...sealed.keys()];
  return [
    ...named(
      "row-altered",
      ids.filter((id) => here.has(id) && here.get(id) !== sealed.get(id)),
    ),
    ...named(
      "row-missing",
      ids.filter((id) => !here.has(id)),
    ),
    ...named(
      "row-inserted",
      [...here.keys()].filter((id) => !sealed.has(id)),
    ),
  ];
}

const saysTheSame = (row: SealRow, seal: Seal) =>
  row.root === seal.root &&
  row.previous === seal.previous &&
  String(row.xidFrom) === seal.xidFrom &&
  String(row.xidTo) === seal.xidTo &&
  row.count === seal.rows.length &&
  row.sealedAt.toISOString() === seal.sealedAt;

/**
 * One link against its locked copy, which is the truth wherever the two differ: nobody can change it. `rows`: those of the
 * chain that are in the database now, of the transactions that the copy names.
 */
export function judgeSeal(row: SealRow, copy: Seal | undefined, rows: readonly SealableRow[]): SealFault[] {
  const { chain, number } = row;
  const fault = (kind: SealFault["kind"]): SealFault => ({ chain, number, kind });
  if (!copy) return [fault("copy-missing")];
  return [
    ...(rootOf(copy) === copy.root && copy.chain === chain && copy.number === number
      ? []
      : [fault("copy-altered")]),
    ...(saysTheSame(row, copy) ? [] : [fault("seal-altered")]),
    ...(row.number === 1 || row.rootBefore === copy.previous ? [] : [fault("chain-broken")]),
    ...rowFaults(copy, rows),
  ];
}
