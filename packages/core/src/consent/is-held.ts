import type { Tx } from "../kernel/index.ts";
import type { Link } from "./link.ts";
import { releaseOf } from "./release-facts.ts";
import { studiesOfLink } from "./staff-facts.ts";

/** Whether anything of a link waits for its release, or nothing of it is left: then it goes to nobody, by no way. */
export async function isHeld(tx: Tx, link: Link): Promise<boolean> {
  const studies = await studiesOfLink(tx, link);
  for (const facts of studies) if ((await releaseOf(tx, facts, link)).state !== "open") return true;
  return studies.length === 0;
}
