import type { DicomJson, Match, Query } from "@weald/dicom";
import type * as Access from "../access/index.ts";
import type { Tx } from "../kernel/index.ts";
import type { FoundRow, Search } from "./find.store.ts";
import { readShareSecret } from "./mask.store.ts";
import { maskedHeader, maskedUid, type SiteMask } from "./mask-header.ts";
import { maskStudyUid } from "./mask-uid.ts";
import { type MaskedCopy, maskedCopyOf, unmaskedBelow } from "./masked-copy.ts";
import { wordsOfMembers, wordsOfStudies } from "./site-mask.ts";

/**
 * By what masked studies may be searched: who they are of, when, and the modality. Whatever is masked would be told by a match,
 * and a text is masked where it tells the site.
 */
const SEARCHABLE = new Set([
  "00100010",
  "00100030",
  "00100040",
  "00080020",
  "00080030",
  "00080061",
  "00080060",
]);
const pathOf = ({ path }: Match) => path.join(".");
const onlyValue = (matches: readonly Match[], path: string): string | undefined => {
  const test = matches.find((match) => pathOf(match) === path)?.test;
  return test?.kind === "any" && test.values.length === 1 ? test.values[0] : undefined;
};

/** An NHS number names no trust; any other number does. */
const isByNhsNumber = (matches: readonly Match[]) => onlyValue(matches, "00100021") === "NHS";

function asksForNoSite({ matches, moments }: Query): boolean {
  if (moments.some(({ date }) => date !== "00080020")) return false;
  return matches.every((match) => {
    const path = pathOf(match);
    return SEARCHABLE.has(path) || (["00100020", "00100021"].includes(path) && isByNhsNumber(matches));
  });
}

type Sought = { search: Search; scope: Access.ReadingScope };

/** A study that is named by the UID that stands for it, as it is looked for. */
async function ofCopy(tx: Tx, search: Search, scope: Access.ReadingScope, copy: MaskedCopy): Promise<Sought> {
  const matches = search.query.matches.filter((match) => pathOf(match) !== "0020000D");
  const named = await unmaskedBelow(tx, copy, search);
  const query = { ...search.query, matches };
  return {
    search: {
      ...search,
      custodian: copy.facts.custodian,
      studyInstanceUid: copy.facts.study.studyInstanceUid,
      seriesInstanceUid: named.seriesInstanceUid,
      query,
    },
    scope: { ...scope, masks: asksForNoSite(query) },
  };
}

/** What is looked for, masked studies with it unless a match or the path itself would tell their site. */
export async function soughtFor(tx: Tx, search: Search, scope: Access.ReadingScope): Promise<Sought> {
  if (!scope.masks) return { search, scope };
  const studyInstanceUid = search.studyInstanceUid ?? onlyValue(search.query.matches, "0020000D");
  const { custodian } = search;
  const copy = studyInstanceUid && (await maskedCopyOf(tx, { custodian, studyInstanceUid }));
  if (copy) return ofCopy(tx, search, scope, copy);
  const isPlain = !studyInstanceUid && !custodian && !search.seriesInstanceUid && asksForNoSite(search.query);
  return { search, scope: { ...scope, masks: isPlain } };
}

export type FoundMasked = FoundRow & { mask?: SiteMask };

/** Rows as they are told: of masked ones what is shared, under the UIDs that stand for theirs. */
export async function withoutSites(tx: Tx, rows: readonly FoundRow[]): Promise<FoundMasked[]> {
  const flagged = rows.filter(({ isMasked }) => isMasked);
  if (flagged.length === 0) return [...rows];
  const secret = await readShareSecret(tx);
  const members = await wordsOfMembers(tx);
  const own = await wordsOfStudies(
    tx,
    flagged.map(({ studyId }) => ({ studyId, sourceName: undefined, accessionNumber: undefined })),
  );
  return rows.map((row) => {
    if (!row.isMasked) return row;
    const words = [...members, ...(own.get(row.studyId) ?? [])];
    const { studyInstanceUid, nhsNumber } = row;
    return masked(row, {
      ...{ secret, studyInstanceUid, nhsNumber, words },
      maskedStudyUid: maskStudyUid(secret, row.studyId),
    });
  });
}

const maskedOr = (mask: SiteMask, uid: string | undefined) => uid && maskedUid(mask, uid);

const masked = (row: FoundRow, mask: SiteMask): FoundMasked => ({
  ...row,
  custodian: "",
  studyInstanceUid: mask.maskedStudyUid,
  seriesInstanceUid: maskedOr(mask, row.seriesInstanceUid),
  sopInstanceUid: maskedOr(mask, row.sopInstanceUid),
  dataset: maskedHeader(row.dataset, mask),
  mask,
});

/** Of what is worked out for a row, what would say a trust or a number of one. */
export function withoutNumbers(whole: DicomJson, { dataset }: FoundRow): DicomJson {
  const { "00101002": _others, "00100021": _issuer, ...rest } = whole;
  return { ...rest, ...(dataset["00100021"] ? { "00100021": dataset["00100021"] } : {}) };
}
