import type { FrameLocator } from "../contract.ts";

/**
 * The bytes of one frame from its span, without the 8-byte item headers that stand between fragments.
 * @see DICOM PS3.5 §A.4
 */
export function joinFragments(span: Uint8Array, { offset, fragments }: FrameLocator): Uint8Array {
  if (!fragments || fragments.length < 2) return span;
  const joined = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset: from, length } of fragments) {
    joined.set(span.subarray(from - offset, from - offset + length), at);
    at += length;
  }
  return joined;
}
