import type { Header } from "../contract.ts";
import { numbers, text } from "../header.ts";

/** Values in, values out, for inputs from `first` on; what lies outside takes the end's value. */
export type LookupTable = {
  first: number;
  values: Uint16Array;
  bits: number;
  name: string | undefined;
  /** From one input to the next, where that is not 1. */
  step?: number;
  /** The one picture for which it was made, by its id. */
  of?: string;
};

const MOST_ENTRIES = 65_536;
const asSigned = (value: number): number => (value << 16) >> 16;

/** Entries of 8 bits may stand in a byte each. @see DICOM PS3.3 §C.11.1.1.1 */
function entriesOf(bytes: Uint8Array, count: number, isBigEndian: boolean): Uint16Array | undefined {
  if (bytes.length >= count * 2) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, count * 2);
    return Uint16Array.from({ length: count }, (_, at) => view.getUint16(at * 2, !isBigEndian));
  }
  return bytes.length >= count ? Uint16Array.from(bytes.subarray(0, count)) : undefined;
}

/**
 * A table of a LUT sequence's item, or nothing where the item isn't whole.
 *
 * @param data - the bytes of LUT Data (0028,3006), wherever they lay; without them the item's own values
 * @param isSigned - whether the pixels are: the first input of a table is of their kind
 * @see DICOM PS3.3 §C.11.1.1, §C.11.2.1.1
 */
export function lookupTable(
  item: Header,
  { data, isSigned, isBigEndian }: { data: Uint8Array | undefined; isSigned: boolean; isBigEndian: boolean },
): LookupTable | undefined {
  const [stated, start, bits] = numbers(item, "00283002");
  if (stated === undefined || start === undefined || bits === undefined) return undefined;
  const count = stated & 0xffff || MOST_ENTRIES;
  const own = numbers(item, "00283006");
  const values = data ? entriesOf(data, count, isBigEndian) : Uint16Array.from(own.slice(0, count));
  if (!values || values.length < count || bits < 8 || bits > 16) return undefined;
  return { first: isSigned ? asSigned(start) : start & 0xffff, values, bits, name: text(item, "00283003") };
}

/** The table's answer to one input. */
export const lookedUp = ({ first, values }: LookupTable, input: number): number =>
  values[Math.max(0, Math.min(values.length - 1, Math.round(input) - first))] ?? 0;
