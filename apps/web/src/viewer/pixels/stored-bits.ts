/** How a pixel lies in its word. @see DICOM PS3.5 §8.1.1 */
export type StoredBits = { allocated: number; stored: number; highBit: number; isSigned: boolean };

/**
 * Only the stored bits of each word, at its lower end and with their sign: what older devices kept above or below them (overlays)
 * is no part of a value, and the library takes a word as it is.
 *
 * @param bytes - native pixel data of one frame; changed in place where it must be
 */
export function onlyStoredBits(
  bytes: Uint8Array,
  { allocated, stored, highBit, isSigned }: StoredBits,
  isBigEndian: boolean,
): Uint8Array {
  const shift = highBit - (stored - 1);
  if (allocated !== 16 || stored >= 16 || stored < 1 || shift < 0 || highBit > 15) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % 2));
  const [mask, sign] = [2 ** stored - 1, 2 ** (stored - 1)];
  for (let at = 0; at < view.byteLength; at += 2) {
    const word = view.getUint16(at, !isBigEndian);
    const value = (word >> shift) & mask;
    const kept = isSigned && value & sign ? value | (0xffff & ~mask) : value;
    if (kept !== word) view.setUint16(at, kept, !isBigEndian);
  }
  return bytes;
}
