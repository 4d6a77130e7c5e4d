import type { QueryLevel } from "./query-levels.ts";

/** Bounds of a range of dates, times or moments, as text of one width; both are part of it. */
export type Range = { from?: string | undefined; to?: string | undefined };

/** What a value must be like. @see DICOM PS3.4 §C.2.2.2 */
export type Test =
  /** Any of these texts, letter by letter. */
  | { kind: "any"; values: readonly string[] }
  /** `*` stands for any run of characters, `?` for one. */
  | { kind: "like"; pattern: string }
  | { kind: "number"; value: number }
  /** YYYYMMDD */
  | { kind: "date"; range: Range }
  /** HHMMSS.FFFFFF */
  | { kind: "time"; range: Range }
  /** YYYYMMDDHHMMSS.FFFFFF, with ±ZZXX where stated. */
  | { kind: "moment"; range: Range }
  /** Patterns by component group; one alone holds for any group. Letters' case is passed over. */
  | { kind: "name"; groups: readonly string[] }
  /** Each word must be, or where it ends in `*` begin, a word of the name, accents and signs apart. */
  | { kind: "words"; words: readonly string[] };

export type Match = {
  /** Tags, from the outermost sequence to the attribute. */
  path: readonly string[];
  level: QueryLevel;
  test: Test;
};

/** A date and a time of one moment, matched together. @see DICOM PS3.4 §C.2.2.2.5.3 (combined date and time) */
export type MomentMatch = { date: string; time: string; level: QueryLevel; range: Range };

export type Query = {
  matches: readonly Match[];
  moments: readonly MomentMatch[];
  /** Tags to return beside what is always returned. */
  include: "all" | readonly string[];
  limit: number | undefined;
  offset: number;
};
