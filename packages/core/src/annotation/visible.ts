import type { MarkedFrame, MarkState } from "./mark.ts";

/** How a study is read: on a screening study nothing of one reader reaches another until theirs is in (clinical page §11). */
export type Reading = { isScreening: boolean /** This reader's own read is in. */; isIn: boolean };

export const isBlind = ({ isScreening, isIn }: Reading): boolean => isScreening && !isIn;

/** A draft is its author's; what is published is every reader's, but on a screening study not before their own is in. */
export function reaches(
  readerId: string,
  mark: { authorId: string; state: MarkState },
  reading: Reading,
): boolean {
  if (mark.authorId === readerId) return true;
  return mark.state === "published" && !isBlind(reading);
}

/**
 * Whether a mark still says something of what is served. `moved`: the study is another patient's now. `gone`: its image was
 * rejected, replaced, or moved to another study. `corrected`: the image stands, and what it says of itself was corrected.
 */
export type Standing = "stands" | "corrected" | "gone" | "moved";

export function standingOf(
  mark: { frame: MarkedFrame | undefined },
  now: { isSamePatient: boolean; place: { version: number } | undefined },
): Standing {
  if (!now.isSamePatient) return "moved";
  if (!mark.frame) return "stands";
  if (!now.place) return "gone";
  return now.place.version === mark.frame.instanceVersion ? "stands" : "corrected";
}

/** What stopped is struck out: that it was there is said, what it said is not. */
export const isStopped = (standing: Standing): boolean => standing === "moved" || standing === "gone";
