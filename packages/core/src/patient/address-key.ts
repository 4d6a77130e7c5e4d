import { createHash } from "node:crypto";
import { nameKey } from "./name-key.ts";

export type StatedAddress = { firstLine: string; secondLine: string; postcode: string };

/** @see https://www.gov.uk/government/publications/bulk-data-transfer-for-sponsors-xml-schema (postcode format) */
const POSTCODE = /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/;
/** No fixed abode, abroad, not known: the same for people who share nothing (NHS Postcode Directory, pseudo postcodes). */
const NOWHERE = /^ZZ99/;

/** "Flat 3, 12a High Street" and "3/12A High St" are one house: its numbers, or its name where it has none. */
function houseOf({ firstLine, secondLine }: StatedAddress): string {
  const lines = `${firstLine} ${secondLine}`;
  const numbers = lines.toUpperCase().match(/\d+[A-Z]?\b/g);
  return numbers ? numbers.join("/") : nameKey(firstLine);
}

/**
 * A household for comparison only: a digest of the house and its postcode. The address itself is kept nowhere.
 *
 * @returns 32 hex digits; `undefined` where no household is meant
 */
export function addressKey(address: StatedAddress): string | undefined {
  const postcode = address.postcode.toUpperCase().replace(/\s/g, "");
  const house = houseOf(address);
  if (!POSTCODE.test(postcode) || NOWHERE.test(postcode) || house === "") return undefined;
  return createHash("sha256").update(`${postcode}|${house}`).digest("hex").slice(0, 32);
}
