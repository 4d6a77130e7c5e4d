import { type DicomJson, sequence, text, texts } from "@weald/dicom";
import { DimseRefused, STATUS } from "../dimse/service.ts";
import type { Search } from "./dicomweb.ts";

export const LEVEL = "00080052";
export const STUDY_UID = "0020000D";
export const SERIES_UID = "0020000E";
export const SOP_UID = "00080018";
const CHARACTER_SET = "00080005";
const AVAILABILITY = "00080056";
const RETRIEVE_AE = "00080054";

export type Level = "STUDY" | "SERIES" | "IMAGE";

/** About the query itself, or said by us: nothing to match. */
const NO_KEYS = new Set([LEVEL, CHARACTER_SET, "00080053", "00080201", RETRIEVE_AE, AVAILABILITY]);

export function levelOf(identifier: DicomJson): Level {
  const level = text(identifier, LEVEL)?.trim();
  if (level === "STUDY" || level === "SERIES" || level === "IMAGE") return level;
  throw new DimseRefused(STATUS.identifierMismatch, "Study root has STUDY, SERIES and IMAGE.");
}

/** The one value of a unique key above the level that is asked for. @see DICOM PS3.4 §C.4.1.2.1 */
function above(identifier: DicomJson, tag: string, name: string): string {
  const [uid, more] = texts(identifier, tag);
  if (!uid || more || !/^[0-9.]{1,64}$/.test(uid))
    throw new DimseRefused(STATUS.identifierMismatch, `One ${name} must be named at this level.`);
  return uid;
}

const PATH: Record<Level, (identifier: DicomJson) => string> = {
  STUDY: () => "/studies",
  SERIES: (identifier) => `/studies/${above(identifier, STUDY_UID, "study")}/series`,
  IMAGE: (identifier) =>
    `/studies/${above(identifier, STUDY_UID, "study")}/series/${above(identifier, SERIES_UID, "series")}/instances`,
};

/** Unique keys that stand in the path. */
const IN_PATH: Record<Level, readonly string[]> = {
  STUDY: [],
  SERIES: [STUDY_UID],
  IMAGE: [STUDY_UID, SERIES_UID],
};

function matchOf(dataset: DicomJson, tag: string): string | undefined {
  const attribute = dataset[tag];
  if (!attribute || attribute.vr === "SQ") return undefined;
  const names = (attribute.Value ?? []).map((value) =>
    value instanceof Object && "Alphabetic" in value ? String(value.Alphabetic) : value,
  );
  const said = names.flatMap((value) =>
    typeof value === "string" || typeof value === "number" ? [String(value)] : [],
  );
  const joined = said.join(attribute.vr === "UI" ? "," : "\\");
  return joined === "" || joined === "*" ? undefined : joined;
}

/** Non-empty keys match, also those inside a sequence. @see DICOM PS3.18 §8.3.4 */
function matchesOf(dataset: DicomJson, skipped: ReadonlySet<string>, prefix = ""): [string, string][] {
  return Object.keys(dataset).flatMap((tag): [string, string][] => {
    if (skipped.has(tag) || tag.endsWith("0000")) return [];
    const [item] = sequence(dataset, tag);
    if (item) return matchesOf(item, new Set(), `${prefix}${tag}.`);
    const value = matchOf(dataset, tag);
    return value === undefined ? [] : [[`${prefix}${tag}`, value]];
  });
}

/** A C-FIND identifier as a search of QIDO-RS. @throws {DimseRefused} A900 */
export function searchOf(identifier: DicomJson): Search {
  const level = levelOf(identifier);
  const includes = Object.keys(identifier).filter((tag) => !NO_KEYS.has(tag) && !tag.endsWith("0000"));
  return {
    path: PATH[level](identifier),
    matches: matchesOf(identifier, new Set([...NO_KEYS, ...IN_PATH[level]])),
    includes,
  };
}

/** What was asked for and nothing else, empty where it isn't known; text in UTF-8. */
export function answerOf(identifier: DicomJson, found: DicomJson, retrieveFrom: string): DicomJson {
  const answer: DicomJson = {};
  for (const [tag, { vr }] of Object.entries(identifier))
    if (!tag.endsWith("0000")) answer[tag] = found[tag] ?? { vr };
  answer[CHARACTER_SET] = { vr: "CS", Value: ["ISO_IR 192"] };
  answer[LEVEL] = { vr: "CS", Value: [levelOf(identifier)] };
  answer[RETRIEVE_AE] = { vr: "AE", Value: [retrieveFrom] };
  const availability = found[AVAILABILITY];
  if (availability) answer[AVAILABILITY] = availability;
  for (const tag of [STUDY_UID, SERIES_UID, SOP_UID]) {
    const unique = found[tag] ?? identifier[tag];
    if (unique && identifier[tag]) answer[tag] = unique;
  }
  return answer;
}
