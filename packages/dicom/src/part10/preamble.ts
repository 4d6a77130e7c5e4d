import { beginsMeta, HEAD_BYTES, syntaxAt } from "./first-element.ts";

export const PREAMBLE_BYTES = 128;
/** Preamble and "DICM". */
export const PREFIX_BYTES = PREAMBLE_BYTES + 4;
/** With this much of a file `hasPrefix` has its answer. */
export const PREFIX_JUDGED_BYTES = PREFIX_BYTES + HEAD_BYTES;

const isTiff = (bytes: Uint8Array) =>
  (bytes[0] === 0x49 && bytes[1] === 0x49 && bytes[2] === 0x2a && bytes[3] === 0) ||
  (bytes[0] === 0x4d && bytes[1] === 0x4d && bytes[2] === 0 && bytes[3] === 0x2a);

/** Neither zero nor a TIFF header: it may be a program (CVE-2019-11687). @see DICOM PS3.10 §7.1 */
export const mustClear = (preamble: Uint8Array): boolean =>
  preamble.some((byte) => byte !== 0) && !isTiff(preamble);

const saysDicm = (bytes: Uint8Array): boolean =>
  bytes.length >= PREFIX_BYTES &&
  bytes[128] === 0x44 &&
  bytes[129] === 0x49 &&
  bytes[130] === 0x43 &&
  bytes[131] === 0x4d;

/**
 * Whether a file begins with a preamble. "DICM" may also stand by chance in the text of a data set that has none: then a data
 * set begins at the first byte, and none behind the prefix.
 */
export function hasPrefix(bytes: Uint8Array): boolean {
  if (!saysDicm(bytes)) return false;
  const isByChance = syntaxAt(bytes, 0) !== undefined;
  return !isByChance || beginsMeta(bytes, PREFIX_BYTES) || syntaxAt(bytes, PREFIX_BYTES) !== undefined;
}
