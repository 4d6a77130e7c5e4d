import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";

/**
 * UIDs as a reader gets them who may not know the site: the root of a UID is a manufacturer's, a trust's or a device's. One UID
 * always becomes the same other one, so that references agree; those of the standard itself stay.
 */
const OF_THE_STANDARD = /^1\.2\.840\.10008\./;

const decimal = (bytes: Buffer) => BigInt(`0x${bytes.toString("hex")}`).toString();

export function maskUid(secret: string, uid: string): string {
  if (OF_THE_STANDARD.test(uid)) return uid;
  return `2.25.${decimal(createHmac("sha256", secret).update(`uid|${uid}`).digest().subarray(0, 16))}`;
}

/** One block, of values that never repeat: a permutation of 128 bits. */
const keyOf = (secret: string) => createHash("sha256").update(`study|${secret}`).digest().subarray(0, 16);

/** A study's is made of its id and not of its UID: so it is found again without a search, and says nothing of copies elsewhere. */
export function maskStudyUid(secret: string, studyId: string): string {
  const cipher = createCipheriv("aes-128-ecb", keyOf(secret), null).setAutoPadding(false);
  return `2.25.${decimal(cipher.update(Buffer.from(studyId.replaceAll("-", ""), "hex")))}`;
}

/** The id of the study that was masked so. `undefined`: it is no such UID, but for one in 64 of all below 2.25. */
export function unmaskStudyUid(secret: string, uid: string): string | undefined {
  const number = /^2\.25\.([0-9]{1,39})$/.exec(uid)?.[1];
  const hex = number && BigInt(number).toString(16).padStart(32, "0");
  if (!hex || hex.length > 32) return undefined;
  const decipher = createDecipheriv("aes-128-ecb", keyOf(secret), null).setAutoPadding(false);
  const id = decipher.update(Buffer.from(hex, "hex")).toString("hex");
  const parts = /^(.{8})(.{4})(7.{3})([89ab].{3})(.{12})$/.exec(id);
  return parts?.slice(1).join("-");
}
