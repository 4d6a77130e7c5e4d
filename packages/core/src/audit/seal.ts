import { z } from "zod";
import { canonicalJson, hashOfRow, type SealableRow, sha256 } from "./canonical.ts";

/** The chain of rows that are of no custodian. */
export const NO_CUSTODIAN = "region";
/** Before the first seal of a chain there is none. */
export const NOTHING_BEFORE = "0".repeat(64);

/** The id of a row and the hash of all its columns. */
const RowHash = z.tuple([z.uuid(), z.string()]);

/**
 * One link: the rows of a chain that transactions from `xidFrom` to before `xidTo` wrote. It holds the hash of each, so
 * that what was altered, taken away or put in is named.
 */
export const Seal = z.object({
  version: z.literal(1),
  chain: z.string(),
  number: z.number().int(),
  xidFrom: z.string(),
  xidTo: z.string(),
  previous: z.string(),
  sealedAt: z.string(),
  rows: z.array(RowHash),
  root: z.string(),
});
export type Seal = z.output<typeof Seal>;

export const rootOf = ({ root: _root, ...rest }: Seal): string => sha256(canonicalJson(rest));

export const hashesOf = (rows: readonly SealableRow[]): [string, string][] =>
  rows
    .map((row): [string, string] => [row.id, hashOfRow(row)])
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));

export type Link = { chain: string; number: number; xidTo: bigint; root: string };

export function sealOf(before: Link, xidTo: bigint, sealedAt: Date, rows: readonly SealableRow[]): Seal {
  const seal: Seal = {
    version: 1,
    chain: before.chain,
    number: before.number + 1,
    xidFrom: String(before.xidTo),
    xidTo: String(xidTo),
    previous: before.root,
    sealedAt: sealedAt.toISOString(),
    rows: hashesOf(rows),
    root: "",
  };
  return { ...seal, root: rootOf(seal) };
}

/** Sorted as numbers are. */
export const sealKey = ({ chain, number }: { chain: string; number: number }): string =>
  `seals/${chain}/${String(number).padStart(10, "0")}.json`;

export const sealBytes = (seal: Seal): Uint8Array => Buffer.from(`${canonicalJson(seal)}\n`);
