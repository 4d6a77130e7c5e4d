import { createHmac } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * The folder of a study in the archive. The same study gives the same one, so a step can be repeated; without the
 * region's secret it tells neither hospital nor study. 130 bits, lower-case base 32.
 */
export function storageIdOf(secret: string, custodian: string, studyInstanceUid: string): string {
  const digest = createHmac("sha256", secret).update(`${custodian}|${studyInstanceUid}`).digest();
  return [...digest.subarray(0, 26)].map((byte) => ALPHABET[byte & 31]).join("");
}
