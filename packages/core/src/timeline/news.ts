import * as Annotation from "../annotation/index.ts";
import type { Tx } from "../kernel/index.ts";
import { findSinceLook, type RawNews } from "./news.store.ts";

/** What came to a study since this person last opened it. */
export type News = "images" | "report" | "marks" | "correction";

async function newsIn(tx: Tx, raw: RawNews): Promise<News[]> {
  // Of a screening study not even that another reader marked something is said, until one's own read is in.
  const hasMarks = raw.hasMarks && !(await Annotation.isReadBlind(tx, raw));
  const said: [News, boolean][] = [
    ["images", raw.hasImages],
    ["report", raw.hasReport],
    ["marks", hasMarks],
    ["correction", raw.isCorrected],
  ];
  return said.flatMap(([news, isSo]) => (isSo ? [news] : []));
}

/**
 * What is new to this person in studies that they may see, since they opened each: of each that they opened, be it nothing. What
 * they never opened is all new to them, and not in here.
 */
export async function newsOf(
  tx: Tx,
  studyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly News[]>> {
  const found = new Map<string, readonly News[]>();
  for (const raw of await findSinceLook(tx, studyIds)) found.set(raw.id, await newsIn(tx, raw));
  return found;
}
