import type { MediaRange } from "@weald/dicom";
import { refuse } from "./door.ts";
import type { DoorRequest } from "./respond.ts";
import { acceptedBy, covers } from "./retrieve-accept.ts";

const isXml = ({ type, parameters }: MediaRange) =>
  type === "application/dicom+xml" ||
  (type === "multipart/related" && parameters.type?.toLowerCase() === "application/dicom+xml");

/**
 * The first of what is offered that the caller takes, by the caller's own order; the first offered without a wish.
 *
 * @throws {DoorRefused} 406
 */
export function negotiate(request: DoorRequest, offered: readonly [string, ...string[]]): string {
  const wanted = acceptedBy(request);
  for (const { type } of wanted) {
    const found = offered.find((one) => covers(type, one));
    if (found) return found;
  }
  const later = wanted.some(isXml) ? " DICOM XML comes later." : "";
  return refuse("unsupported", "NOT_ACCEPTABLE", `This is given as ${offered.join(" or ")}.${later}`);
}
