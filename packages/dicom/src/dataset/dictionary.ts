import { ENTRIES } from "./dictionary-entries.ts";

type Entry = { tag: string; vr: string; keyword: string };

const entries = ENTRIES.split("\n").map((line): Entry => {
  const [tag = "", vr = "", keyword = ""] = line.split(" ");
  return { tag, vr, keyword };
});
const BY_TAG = new Map(entries.map((entry) => [entry.tag, entry]));
const BY_KEYWORD = new Map(entries.map((entry) => [entry.keyword, entry]));

/** dcmjs writes `ox` and `xs` where the standard says "OB or OW", "US or SS". */
const SETTLED: Record<string, string> = { ox: "OW", xs: "US", lt: "US", "ox|ob": "OB" };

/** Repeating groups: curves (50xx), overlays (60xx). */
const generic = (tag: string) =>
  /^(50|60)[0-9A-F]{2}/.test(tag) ? `${tag.slice(0, 2)}00${tag.slice(4)}` : tag;

/** The VR that PS3.6 gives a tag, UN where it gives none (private, unknown). */
export function vrOf(tag: string): string {
  if (tag.endsWith("0000")) return "UL";
  if (isPrivateTag(tag)) return /^....00[1-9A-F].$/.test(tag) ? "LO" : "UN";
  const vr = BY_TAG.get(generic(tag))?.vr ?? "UN";
  return SETTLED[vr] ?? (/^[A-Z]{2}$/.test(vr) ? vr : "UN");
}

/** "US or SS" in PS3.6: signed where the pixels are. */
export const isSignedByPixels = (tag: string): boolean => BY_TAG.get(generic(tag))?.vr === "xs";

export const isPrivateTag = (tag: string): boolean => Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;

export const keywordOf = (tag: string): string | undefined => BY_TAG.get(generic(tag))?.keyword;

/** @throws {RangeError} for a keyword that PS3.6 doesn't have: a mistake in our own code. */
export function tagOf(keyword: string): string {
  const entry = BY_KEYWORD.get(keyword);
  if (!entry) throw new RangeError(`no DICOM attribute ${keyword}`);
  return entry.tag;
}
