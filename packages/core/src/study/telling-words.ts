import type { DicomJson, DicomJsonValue } from "@weald/dicom";
import { NAMING_TAGS, TELLING_TAGS } from "./site-fields.ts";

/** Words of hospitals' names that name none. */
const OF_NO_PLACE = new Set(
  "HOSPITAL HOSPITALS GENERAL UNIVERSITY FOUNDATION TRUST COUNTY DISTRICT COMMUNITY INFIRMARY CLINIC CENTRE CENTER DEPARTMENT RADIOLOGY IMAGING DIAGNOSTIC SERVICES SERVICE HEALTH HEALTHCARE WITH AND THE NHS".split(
    " ",
  ),
);
const LEAST_LETTERS = 4;

const plain = (text: string) =>
  text
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** A name, and each word of it that may stand for it. */
export const wordsOfName = (name: string): string[] => [
  name,
  ...plain(name)
    .split(" ")
    .filter((word) => word.length > LEAST_LETTERS && !OF_NO_PLACE.has(word)),
];

function textsOf(value: DicomJsonValue): string[] {
  if (typeof value === "string") return [value];
  if (!(value instanceof Object)) return [];
  return Object.values(value).flatMap((part) => (typeof part === "string" ? [part, ...part.split("^")] : []));
}

/** What of a header tells the site, at any depth: none of it may stand in a text that is kept. */
export function tellingWords(header: DicomJson): string[] {
  return Object.entries(header).flatMap(([tag, { vr, Value = [] }]) => {
    if (vr === "SQ")
      return Value.flatMap((item) => (item instanceof Object ? tellingWords(item as DicomJson) : []));
    if (!TELLING_TAGS.has(tag)) return [];
    const texts = Value.flatMap(textsOf);
    return NAMING_TAGS.has(tag) ? texts.flatMap(wordsOfName) : texts;
  });
}

/** An index of words to be looked for. Three letters and less count as a word of their own, more also inside of others. */
export type Telling = { readonly inside: readonly string[]; readonly alone: ReadonlySet<string> };

export function tellingOf(words: readonly (string | undefined)[]): Telling {
  const all = new Set(words.flatMap((word) => (word ? [plain(word)] : [])));
  const long = [...all].filter((word) => word.length >= LEAST_LETTERS);
  return { inside: long, alone: new Set([...all].filter((word) => word.length === LEAST_LETTERS - 1)) };
}

export function tellsSite(text: string, { inside, alone }: Telling): boolean {
  const said = plain(text);
  return inside.some((word) => said.includes(word)) || said.split(" ").some((word) => alone.has(word));
}
