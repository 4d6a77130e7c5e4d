import {
  DicomError,
  type DicomJson,
  type DicomJsonAttribute,
  depthOf,
  levelOf,
  parseQuery,
  QUERY_LEVELS,
  type Query,
  type QueryLevel,
  RETURNED,
} from "@weald/dicom";
import { z } from "zod";
import * as Access from "../access/index.ts";
import { Invalid, may, type Tx } from "../kernel/index.ts";
import { doCopiesDiffer, type FoundRow, findServed, findWithheld, type Search } from "./find.store.ts";
import { type FoundMasked, soughtFor, withoutNumbers, withoutSites } from "./find-masked.ts";

/** Rows of one answer, whatever `limit` says. */
const MOST_ROWS = 1000;

const uid = z.string().min(1).max(64);
const parameters = z
  .array(z.tuple([z.string(), z.string()]))
  .max(1000)
  .default([]);
const custodian = z.string().max(6).optional();

/** Where and what is asked. `parameters`: names and values as the query string has them. */
export const StudiesAsked = z.object({ custodian, parameters });
export const SeriesAsked = z.object({ custodian, parameters, studyInstanceUid: uid.optional() });
export const InstancesAsked = z.object({
  custodian,
  parameters,
  studyInstanceUid: uid.optional(),
  seriesInstanceUid: uid.optional(),
});
type Asked = z.output<typeof InstancesAsked>;

export type Found = {
  /** DICOM JSON; Retrieve URL is a path below the door's base. */
  matches: DicomJson[];
  /** More match than were returned. */
  isCut: boolean;
  /** Another trust holds one of these studies with other instances. */
  copiesDiffer: boolean;
};

/** Reads the parameters, for `load`: whoever can't be understood is told so whatever they may see. */
export function readQuery(asked: Pick<Asked, "parameters">, level: QueryLevel): Query {
  try {
    return parseQuery(asked.parameters, level);
  } catch (error) {
    if (error instanceof DicomError) throw new Invalid(error.code, error.message, error.code);
    throw error;
  }
}

/** What is returned unasked: of the level, and of those above it that the path doesn't name. @see DICOM PS3.18 §10.6.3.3 */
function levelsShown(asked: Asked, level: QueryLevel): QueryLevel[] {
  const named = asked.seriesInstanceUid ? 2 : asked.studyInstanceUid ? 1 : 0;
  return QUERY_LEVELS.filter((one) => depthOf(one) <= depthOf(level) && depthOf(one) >= named);
}

const creatorOf = (tag: string) =>
  Number.parseInt(tag.slice(0, 4), 16) % 2 === 1 ? [`${tag.slice(0, 4)}00${tag.slice(4, 6)}`] : [];

function tagsWanted(query: Query, asked: Asked, level: QueryLevel): "all" | string[] {
  if (query.include === "all") return "all";
  const included = query.include.filter((tag) => depthOf(levelOf(tag)) <= depthOf(level));
  return [
    ...new Set([
      ...levelsShown(asked, level).flatMap((one) => RETURNED[one]),
      ...included.flatMap((tag) => [tag, ...creatorOf(tag)]),
    ]),
  ];
}

const one = (vr: string, ...Value: (string | number)[]): DicomJsonAttribute => ({ vr, Value });

/** Paths of a copy name its trust: under one Study Instance UID two trusts may hold two patients. */
function retrievePath(row: FoundRow): string {
  const series = row.seriesInstanceUid ? `/series/${row.seriesInstanceUid}` : "";
  const instance = row.sopInstanceUid ? `/instances/${row.sopInstanceUid}` : "";
  return `${row.custodian ? `/${row.custodian}` : ""}/studies/${row.studyInstanceUid}${series}${instance}`;
}

const items = (attribute: DicomJsonAttribute | undefined): DicomJson[] =>
  (attribute?.Value ?? []).filter((value): value is DicomJson => value instanceof Object);

/** The NHS number that the patient's record holds stands beside whatever other numbers the object has. */
function otherIds(row: FoundRow): DicomJson {
  const held = items(row.dataset["00101002"]);
  const { nhsNumber } = row;
  if (!nhsNumber || held.some((item) => item["00100020"]?.Value?.[0] === nhsNumber)) return {};
  const nhs = {
    "00100020": one("LO", nhsNumber),
    "00100021": one("LO", "NHS"),
    "00100022": one("CS", "TEXT"),
  };
  return { "00101002": { vr: "SQ", Value: [...held, nhs] } };
}

/** Binary values lie in the object: only retrieval gives them. */
function withoutBulk(dataset: DicomJson): DicomJson {
  return Object.fromEntries(
    Object.entries(dataset)
      .filter(([, attribute]) => attribute.BulkDataURI === undefined)
      .map(([tag, attribute]) => [
        tag,
        attribute.vr === "SQ" ? { ...attribute, Value: items(attribute).map(withoutBulk) } : attribute,
      ]),
  );
}

/** What no object says. What is found may be opened, so it is on-line; what is withheld is `withheldOf`'s. */
const computed = (row: FoundRow): DicomJson => ({
  "00080005": one("CS", "ISO_IR 192"),
  "00080056": one("CS", "ONLINE"),
  "00080061": { vr: "CS", Value: row.modalities },
  "00081190": one("UR", retrievePath(row)),
  "00201206": one("IS", row.seriesInStudy),
  "00201208": one("IS", row.instancesInStudy),
  "0020000D": one("UI", row.studyInstanceUid),
  ...(row.dataset["00100021"]?.Value?.length ? {} : { "00100021": one("LO", row.custodian) }),
  ...otherIds(row),
  ...(row.seriesInstanceUid
    ? {
        "0020000E": one("UI", row.seriesInstanceUid),
        "00080060": one("CS", row.modality ?? "OT"),
        "00201209": one("IS", row.instancesInSeries),
      }
    : {}),
  ...(row.sopInstanceUid ? { "00080018": one("UI", row.sopInstanceUid) } : {}),
});

function shape(row: FoundMasked, tags: "all" | ReadonlySet<string>): DicomJson {
  const told = { ...withoutBulk(row.dataset), ...computed(row) };
  const whole = row.mask ? withoutNumbers(told, row) : told;
  return Object.fromEntries(
    Object.entries(whole)
      .filter(([tag]) => tags === "all" || tags.has(tag))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The UIDs, where a search names studies and asks for nothing else. */
function onlyUids({ matches, moments, offset }: Query): readonly string[] {
  const [match] = matches;
  const isAlone = matches.length === 1 && moments.length === 0 && offset === 0;
  return isAlone && match?.path.join() === "0020000D" && match.test.kind === "any" ? match.test.values : [];
}

/** Withheld: named by its UID it is there and can't be had (architecture: hidden, withheld, open). */
async function withheldOf(
  tx: Tx,
  asked: Asked,
  query: Query,
  found: readonly FoundRow[],
): Promise<DicomJson[]> {
  const known = new Set(found.map(({ studyInstanceUid }) => studyInstanceUid));
  const uids = onlyUids(query).filter((one) => !known.has(one));
  if (uids.length === 0) return [];
  const withheld = await findWithheld(tx, { uids, custodian: asked.custodian });
  return withheld.map((studyInstanceUid) => ({
    "00080005": one("CS", "ISO_IR 192"),
    "00080056": one("CS", "UNAVAILABLE"),
    "0020000D": one("UI", studyInstanceUid),
  }));
}

/** What of a level this actor may open and matches, in a stable order. */
export async function find(tx: Tx, asked: Asked, level: QueryLevel, query: Query): Promise<Found> {
  const mine = Access.maskedScope(tx.actor);
  if (!mine) return { matches: [], isCut: false, copiesDiffer: false };
  const tags = tagsWanted(query, asked, level);
  const asking: Search = {
    level,
    custodian: asked.custodian,
    studyInstanceUid: asked.studyInstanceUid,
    seriesInstanceUid: asked.seriesInstanceUid,
    query,
    tags,
    limit: Math.min(query.limit ?? MOST_ROWS, MOST_ROWS),
  };
  const { search, scope } = await soughtFor(tx, asking, mine);
  const { rows: found, isCut } = await findServed(tx, search, scope);
  const rows = await withoutSites(tx, found);
  const kept = tags === "all" ? tags : new Set(tags);
  // Only who may do something about it is told that anything is withheld: to others it is not there.
  const withheld =
    level === "study" && may(tx.actor, "state-relationship") ? await withheldOf(tx, asked, query, rows) : [];
  return {
    matches: [...rows.map((row) => shape(row, kept)), ...withheld],
    isCut,
    copiesDiffer:
      !asked.custodian &&
      (await doCopiesDiffer(
        tx,
        rows.filter(({ isMasked }) => !isMasked).map(({ studyId }) => studyId),
        { ...scope, masks: false },
      )),
  };
}

/** What the audit keeps of a search: its level, which attributes it asked for, how many it was told. No value. */
export const auditOf = (level: QueryLevel, asked: Asked, done: Found | undefined) => ({
  detail: {
    level,
    keys: asked.parameters
      .map(([name]) => name)
      .filter((name) => /^[A-Za-z0-9.]{1,64}$/.test(name))
      .slice(0, 20)
      .join(","),
    rows: done?.matches.length ?? 0,
  },
});
