import { vrOf } from "../dataset/dictionary.ts";
import { attributePath } from "./attribute-path.ts";
import { combinedRange, dateRange, momentRange, timeRange } from "./date-time-range.ts";
import type { Match, MomentMatch, Query, Range, Test } from "./match.ts";
import { queryRefusals } from "./query-errors.ts";
import { COMPUTED, depthOf, keywordsOf, levelOf, type QueryLevel } from "./query-levels.ts";

export type Pairs = readonly (readonly [name: string, value: string])[];

export const MOST_OFFSET = 10_000;
const MOST_PARAMETERS = 64;
const MOST_LETTERS = 16_384;
const MOST_UIDS = 1000;
const OPTIONS = new Set(["includefield", "limit", "offset", "fuzzymatching"]);

const TEXT = new Set(["AE", "AS", "CS", "LO", "LT", "SH", "ST", "UC", "UR", "UT"]);
const NUMBER = new Set(["DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV"]);
/** A date and the time that goes with it. */
const TIMES_OF: Readonly<Record<string, string>> = {
  "00080020": "00080030",
  "00080021": "00080031",
  "00080022": "00080032",
  "00080023": "00080033",
  "00100030": "00100032",
  "00400244": "00400245",
  "00400250": "00400251",
};

function uids(value: string): Test {
  const values = value.split(/[\\,]/).map((uid) => uid.trim());
  if (values.length > MOST_UIDS) throw queryRefusals.tooLong();
  return { kind: "any", values };
}

function ranged(name: string, kind: "date" | "time" | "moment", value: string): Test {
  const read = { date: dateRange, time: timeRange, moment: momentRange }[kind];
  // A plus sign that was not escaped came as a space.
  const range = read(value.trim().replace(/ (?=\d{4}(?:$|-))/g, "+"));
  if (!range)
    throw queryRefusals.value(name, `${kind === "moment" ? "date and time" : kind} or range of them`);
  return { kind, range };
}

function numeric(name: string, value: string): Test {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) throw queryRefusals.value(name, "number");
  return { kind: "number", value: number };
}

/** Words of a name: components, and what spaces or commas part in them. `*` counts at a word's end only. */
const wordsOf = (value: string): string[] =>
  value
    .split(/[\s^,=]+/)
    .map((word) => word.replace(/[*?]+(?!$)/g, ""))
    .filter((word) => word !== "" && word !== "*");

function named(value: string, isFuzzy: boolean): Test {
  if (isFuzzy) return { kind: "words", words: wordsOf(value) };
  return { kind: "name", groups: value.split("=", 3).map((group) => group.replace(/[\^ ]+$/, "")) };
}

const isPattern = (value: string) => /[*?]/.test(value);

function textual(vr: string, value: string): Test {
  if (isPattern(value)) return { kind: "like", pattern: value };
  // A code string holds neither sign, so a list of them can be nothing else (ModalitiesInStudy=CT,MR).
  return { kind: "any", values: vr === "CS" ? value.split(/[\\,]/).map((code) => code.trim()) : [value] };
}

function testOf(name: string, tag: string, value: string, isFuzzy: boolean): Test {
  const vr = tag === "00080061" ? "CS" : vrOf(tag);
  if (vr === "UI") return uids(value);
  if (vr === "DA") return ranged(name, "date", value);
  if (vr === "TM") return ranged(name, "time", value);
  if (vr === "DT") return ranged(name, "moment", value);
  if (vr === "PN") return named(value, isFuzzy);
  if (NUMBER.has(vr)) return numeric(name, value);
  if (TEXT.has(vr)) return textual(vr, value);
  throw queryRefusals.kind(name);
}

/** No value, or a lone `*`: every entity matches, and the attribute is returned. @see DICOM PS3.4 §C.2.2.2.3 */
const isUniversal = (value: string) => value === "" || value === '""' || /^\*+$/.test(value);

const MATCHED_COMPUTED = new Set(["00080061"]);
const PLACES: Readonly<Record<QueryLevel, string>> = {
  study: "a study",
  series: "a series",
  instance: "an instance",
};

function matchOf(name: string, path: readonly string[], value: string, at: Where): Match {
  const [outer = ""] = path;
  const level = levelOf(outer);
  if (outer in COMPUTED && !MATCHED_COMPUTED.has(outer)) throw queryRefusals.computed(name);
  if (depthOf(level) > depthOf(at.level)) throw queryRefusals.level(name, PLACES[level]);
  return { path, level, test: testOf(name, path.at(-1) ?? "", value, at.isFuzzy) };
}

type Where = { level: QueryLevel; isFuzzy: boolean };

function onlyOne(pairs: Pairs, name: string): string | undefined {
  const values = pairs.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  if (values.length > 1) throw queryRefusals.twice(name);
  return values[0];
}

function whole(pairs: Pairs, name: "limit" | "offset"): number | undefined {
  const value = onlyOne(pairs, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw queryRefusals.value(name, "whole number");
  return Number(value);
}

function isFuzzyIn(pairs: Pairs): boolean {
  const value = onlyOne(pairs, "fuzzymatching");
  if (value !== undefined && value !== "true" && value !== "false")
    throw queryRefusals.value("fuzzymatching", "“true” or “false”");
  return value === "true";
}

function pathNamed(name: string): readonly string[] {
  const path = attributePath(name);
  if (!path) throw queryRefusals.unknown(name);
  return path;
}

function includedIn(pairs: Pairs): "all" | string[] {
  const names = pairs
    .filter(([name]) => name.toLowerCase() === "includefield")
    .flatMap(([, value]) => value.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.some((name) => name.toLowerCase() === "all")) return "all";
  // Of a path into a sequence the sequence is returned whole.
  return names.map((name) => pathNamed(name)[0] ?? "");
}

const isSameLevelRange = (match: Match | undefined, kind: "date" | "time") =>
  match?.path.length === 1 && match.test.kind === kind;

/** Takes dates and times that are one moment out of what is matched alone. */
function combine(matches: readonly Match[]): { matches: Match[]; moments: MomentMatch[] } {
  const moments: MomentMatch[] = [];
  const taken = new Set<Match>();
  const rangeOf = ({ test }: Match): Range => ("range" in test ? test.range : {});
  for (const date of matches.filter((match) => isSameLevelRange(match, "date"))) {
    const timeTag = TIMES_OF[date.path[0] ?? ""];
    const time = matches.find((match) => match.path[0] === timeTag && isSameLevelRange(match, "time"));
    const range = time && combinedRange(rangeOf(date), rangeOf(time));
    if (!time || !range) continue;
    moments.push({ date: date.path[0] ?? "", time: time.path[0] ?? "", level: date.level, range });
    taken.add(time);
  }
  // The date stays: it narrows by an index what the moment then decides.
  return { matches: matches.filter((match) => !taken.has(match)), moments };
}

/** A UID stated again is one more of the list; anything else stated again would mean two things. */
function joined(known: Match, again: Match): Match {
  const isUid = vrOf(known.path.at(-1) ?? "") === "UI";
  if (!isUid || known.test.kind !== "any" || again.test.kind !== "any")
    throw queryRefusals.twice(keywordsOf(known.path));
  return { ...known, test: { kind: "any", values: [...known.test.values, ...again.test.values] } };
}

/**
 * Reads the parameters of a search.
 *
 * @param pairs - Decoded names and values, in the order and number in which they came.
 * @throws {DicomError} with a code of `queryRefusalCodes`; the message names the parameter, never its value.
 * @see DICOM PS3.18 §8.3.4, §10.6.1.2
 */
export function parseQuery(pairs: Pairs, level: QueryLevel): Query {
  const letters = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (pairs.length > MOST_PARAMETERS || letters > MOST_LETTERS) throw queryRefusals.tooLong();
  const offset = whole(pairs, "offset") ?? 0;
  if (offset > MOST_OFFSET) throw queryRefusals.offset();
  const at = { level, isFuzzy: isFuzzyIn(pairs) };
  const include = includedIn(pairs);
  const matches = new Map<string, Match>();
  const asked: string[] = [];
  for (const [name, value] of pairs) {
    if (OPTIONS.has(name.toLowerCase())) continue;
    const path = pathNamed(name);
    const key = path.join(".");
    const known = matches.get(key);
    asked.push(path[0] ?? "");
    if (isUniversal(value)) continue;
    const match = matchOf(name, path, value, at);
    matches.set(key, known ? joined(known, match) : match);
  }
  return {
    ...combine([...matches.values()]),
    include: include === "all" ? "all" : [...new Set([...include, ...asked])],
    limit: whole(pairs, "limit"),
    offset,
  };
}
