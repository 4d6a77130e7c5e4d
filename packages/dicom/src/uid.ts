import { randomUUID } from "node:crypto";
import { DicomError } from "./errors.ts";

declare const brand: unique symbol;
export type Uid = string & { readonly [brand]: "Uid" };

/**
 * A UID that may be a key: at most 64 digits and dots. Real ones break the rest of PS3.5 §9 (leading zeros, empty parts at
 * the end), so that is let through; anything that could climb a path is not.
 *
 * @throws {DicomError} `UID_INVALID`
 */
export function acceptUid(text: string): Uid {
  const uid = text.trim();
  if (!/^[0-9][0-9.]{0,63}$/.test(uid) || uid.includes(".."))
    throw new DicomError("UID_INVALID", "A UID holds something else than digits and dots.");
  return uid as Uid;
}

/** A new UID below 2.25, from a random UUID. @see DICOM PS3.5 §B.2 */
export const mintUid = (): Uid => `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}` as Uid;
