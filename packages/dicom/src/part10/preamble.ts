export const PREAMBLE_BYTES = 128;

const isTiff = (bytes: Uint8Array) =>
  (bytes[0] === 0x49 && bytes[1] === 0x49 && bytes[2] === 0x2a && bytes[3] === 0) ||
  (bytes[0] === 0x4d && bytes[1] === 0x4d && bytes[2] === 0 && bytes[3] === 0x2a);

/** Neither zero nor a TIFF header: it may be a program (CVE-2019-11687). @see DICOM PS3.10 §7.1 */
export const mustClear = (preamble: Uint8Array): boolean =>
  preamble.some((byte) => byte !== 0) && !isTiff(preamble);

export const hasPrefix = (bytes: Uint8Array): boolean =>
  bytes.length >= PREAMBLE_BYTES + 4 &&
  bytes[128] === 0x44 &&
  bytes[129] === 0x49 &&
  bytes[130] === 0x43 &&
  bytes[131] === 0x4d;
