import { createHash } from "node:crypto";

/** A UID under 2.25 that is the same in every run: the first 128 bits of a hash of its name. @see DICOM PS3.5 §B.2 */
export const uidOf = (name: string): string =>
  `2.25.${BigInt(`0x${createHash("sha256").update(`weald demonstration|${name}`).digest("hex").slice(0, 31)}`)}`;
