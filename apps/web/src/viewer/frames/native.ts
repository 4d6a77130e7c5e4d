import type { Header, ViewerInstance } from "../contract.ts";
import { number, text } from "../header.ts";
import { rgbOf422 } from "../pixels/native-422.ts";
import { onlyStoredBits } from "../pixels/stored-bits.ts";

const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const NATIVE = new Set(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", BIG_ENDIAN]);

/** Whether pixels lie in an object as they are, uncompressed. @see DICOM PS3.5 §A.1, §A.2, §A.5 */
export const isNative = (transferSyntaxUid: string): boolean => NATIVE.has(transferSyntaxUid);
export const isBigEndian = (transferSyntaxUid: string): boolean => transferSyntaxUid === BIG_ENDIAN;

export function storedBits(header: Header) {
  const of = (tag: string, otherwise: number) => number(header, tag) ?? otherwise;
  const allocated = of("00280100", 8);
  const stored = of("00280101", allocated);
  return { allocated, stored, highBit: of("00280102", stored - 1), isSigned: of("00280103", 0) === 1 };
}

/** A native frame's pixels and nothing else: the stored bits of each word, or red, green and blue. */
export function ofNative(bytes: Uint8Array, { header, transferSyntaxUid }: ViewerInstance): Uint8Array {
  if (text(header, "00280004") === "YBR_FULL_422") return rgbOf422(bytes);
  return onlyStoredBits(bytes, storedBits(header), isBigEndian(transferSyntaxUid));
}
