import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { people } from "@weald/dev-env/people";
import { demoPatients, demoStudies, studyUidOf } from "@weald/dev-env/phantoms";

/** What stands in a log that must not: where, and what kind of thing. */
export type Said = { file: string; line: number; what: string };

const DICOM_UID = /\b[0-2](?:\.(?:0|[1-9]\d*)){5,}\b/;
/** A JWT, a signed URL's signature, or a bearer header. */
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}|[?&]s=[\w-]{40,}|\bBearer [\w.-]{16,}/;
const NHS_NUMBER = /\b999\d{7}\b|\b999[ -]\d{3}[ -]\d{4}\b/;

/** Names that are no everyday words of a log; a short one would be found within others. */
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const anyOf = (words: readonly string[]) =>
  new RegExp(`(?<![\\p{L}\\d])(?:${words.map(escaped).join("|")})(?![\\p{L}\\d])`, "iu");

// A family name that is a word of our own code or of a tool's messages can't be told from it.
const EVERYDAY = new Set(["unknown", "redacted", "gray", "marsh", "frost"]);

function demonstrationWords(): RegExp {
  const patients = demoPatients.flatMap(({ family, nhsNumber, localNumbers, ideographic }) => [
    family,
    ...(nhsNumber ? [nhsNumber] : []),
    ...(ideographic ? [ideographic.replace("^", "")] : []),
    ...localNumbers.flatMap((local) => [local.number, ...(local.family ? [local.family] : [])]),
  ]);
  const staff = people.map(({ family }) => family);
  const studies = demoStudies.map((study) => studyUidOf(study));
  const words = [...patients, ...staff, ...studies].filter(
    (word) => (word.length >= 4 || /\P{ASCII}/u.test(word)) && !EVERYDAY.has(word.toLowerCase()),
  );
  return anyOf([...new Set(words)]);
}

const birthDates = () =>
  anyOf(demoPatients.flatMap(({ birthDate }) => [birthDate, birthDate.replaceAll("-", "")]));

/** Everything that a log must not say, by kind. `more`: what a test itself has sent. */
function forbidden(more: readonly string[]): [string, RegExp][] {
  return [
    ["a name or a local number of the demonstration", demonstrationWords()],
    ["a date of birth of the demonstration", birthDates()],
    ["an NHS number", NHS_NUMBER],
    ["a DICOM UID", DICOM_UID],
    ["a token", TOKEN],
    ...(more.length > 0 ? ([["what the test sent", anyOf(more)]] as [string, RegExp][]) : []),
  ];
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(full);
    else yield full;
  }
}

/** What of a text must not be logged. Never the text itself: the report of a leak must not leak. */
export function saidIn(file: string, text: string, more: readonly string[] = []): Said[] {
  const rules = forbidden(more);
  return text
    .split("\n")
    .flatMap((line, index) =>
      rules.flatMap(([what, rule]) => (rule.test(line) ? [{ file, line: index + 1, what }] : [])),
    );
}

/**
 * Our own log lines within the output of tests, whose regions log to it: what they say that no log may. A line's number
 * counts log lines.
 */
export function outputSays(output: string): Said[] {
  const lines = output.split("\n").flatMap((line) => /\{"at":".*\}/.exec(line) ?? []);
  return lines.length === 0 ? [] : saidIn("the output of the tests", lines.join("\n"));
}

/**
 * Reads every file of a log folder, and says where a name, a birth date, an NHS or local number, a DICOM UID or a token
 * stands. Logs hold internal ids, codes, counts and route patterns only.
 *
 * @throws {Error} when there is no log at all: then nothing was proved
 */
export function logsSay(folder: string, more: readonly string[] = []): Said[] {
  const files = existsSync(folder) ? [...filesBelow(folder)].filter((file) => /\.log(\.1)?$/.test(file)) : [];
  if (files.length === 0) throw new Error(`there are no logs in ${folder}`);
  return files.flatMap((file) => saidIn(path.basename(file), readFileSync(file, "utf8"), more));
}
