import { createHash } from "node:crypto";
import type { StatedIdentity } from "../patient/index.ts";

/** Equal for objects that say the same of their patient, letter for letter; tells nothing of whom it is. */
export function identityKeyOf(identity: StatedIdentity): string {
  const { localNumber, issuer, nhsNumber, family, given, middle, birthDate, sex } = identity;
  const said = [localNumber, issuer, nhsNumber, family, given, middle, birthDate, sex];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 32);
}
