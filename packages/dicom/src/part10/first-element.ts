import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from "../transfer-syntax.ts";

const isLetter = (byte: number) => byte >= 65 && byte <= 90;

/** Bytes that an element head needs to be judged. */
export const HEAD_BYTES = 8;

/** Whether file meta information (group 2, explicit) begins here. */
export function beginsMeta(bytes: Uint8Array, at: number): boolean {
  const [g0, g1, , , v0 = 0, v1 = 0] = bytes.subarray(at, at + 6);
  return g0 === 2 && g1 === 0 && isLetter(v0) && isLetter(v1);
}

/** How a data set that begins here is coded, by its first element; `undefined` when none begins. */
export function syntaxAt(bytes: Uint8Array, at: number): string | undefined {
  const [g0 = 0, g1 = 0, , , v0 = 0, v1 = 0] = bytes.subarray(at, at + 6);
  const statesVr = isLetter(v0) && isLetter(v1);
  if (g0 === 0 && g1 > 0 && g1 <= 0x28) return statesVr ? EXPLICIT_BIG : undefined;
  if (g1 !== 0 || g0 < 2 || g0 > 0x28) return undefined;
  return statesVr ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
}
