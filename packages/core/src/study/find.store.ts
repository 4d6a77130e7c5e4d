import { Prisma } from "@weald/db";
import { type DicomJson, depthOf, type Query, type QueryLevel } from "@weald/dicom";
import * as Access from "../access/index.ts";
import { organisationOf, WealdError } from "../kernel/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { compareSets } from "./copies.store.ts";
import { dateConditions, matchConditions, modalityOf, SERVED } from "./find-conditions.store.ts";
import { isWhole, newestOfName } from "./find-newest.store.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";

/** One search: which rows, and which of their attributes. */
export type Search = {
  level: QueryLevel;
  /** One trust's own; else the region's view. */
  custodian: string | undefined;
  studyInstanceUid: string | undefined;
  seriesInstanceUid: string | undefined;
  query: Query;
  tags: "all" | readonly string[];
  limit: number;
};

export type FoundRow = {
  studyId: string;
  custodian: string;
  nhsNumber: string | undefined;
  studyInstanceUid: string;
  seriesInstanceUid: string | undefined;
  sopInstanceUid: string | undefined;
  modalities: string[];
  modality: string | undefined;
  seriesInStudy: number;
  instancesInStudy: number;
  instancesInSeries: number;
  /** Where it was made is masked for this actor. */
  isMasked: boolean;
  /** The original with its overlays: what was asked of it. */
  dataset: DicomJson;
};

/** An answer goes through a function, which takes 6 MB. */
const MOST_BYTES = 4_000_000;
const [s, c] = [Prisma.raw("s"), Prisma.raw("c")];

const NEWEST_OVERLAY = Prisma.sql`(SELECT v.attributes FROM overlay v WHERE v.target_id = i.id ORDER BY v.version DESC LIMIT 1)`;

const BELOW: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: Prisma.empty,
  series: Prisma.sql`JOIN series e ON e.study_id = s.id`,
  instance: Prisma.sql`JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_of(e.id) i
    LEFT JOIN LATERAL ${NEWEST_OVERLAY} o ON true`,
};

const ORDER_BELOW: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: Prisma.empty,
  series: Prisma.sql`, e.number NULLS LAST, e.series_instance_uid`,
  instance: Prisma.sql`, e.number NULLS LAST, e.series_instance_uid, i.instance_number NULLS LAST, i.sop_instance_uid`,
};

/** Where a search begins, and its order: total, so that pages neither repeat nor leave out a row that stands. */
type Driver = { from: Prisma.Sql; where: Prisma.Sql[]; order: Prisma.Sql };

/** A search for one modality, or by a name (`newest`), begins at its newest studies, however many there are (docs/adr/0033, 0036). */
function driverOf({ query }: Search, newest: Prisma.Sql | undefined): Driver {
  if (newest)
    return {
      from: Prisma.sql`${newest} JOIN study s ON s.id = n.id`,
      where: [],
      order: Prisma.sql`n.study_date DESC NULLS LAST, n.id DESC`,
    };
  const modality = modalityOf(query);
  if (modality === undefined)
    return {
      from: Prisma.sql`study s`,
      where: [],
      order: Prisma.sql`s.study_date DESC NULLS LAST, s.id DESC`,
    };
  return {
    from: Prisma.sql`study_facet f JOIN study s ON s.id = f.study_id`,
    where: [
      Prisma.sql`f.facet = ${`modality ${modality}`} AND f.is_current`,
      ...dateConditions(query, Prisma.sql`f.study_date`),
    ],
    order: Prisma.sql`f.study_date DESC NULLS LAST, f.study_id DESC`,
  };
}

const KEYS: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: Prisma.sql`s.id AS study_id`,
  series: Prisma.sql`s.id AS study_id, e.id AS series_id`,
  instance: Prisma.sql`s.id AS study_id, e.id AS series_id, i.id AS instance_id`,
};

const BACK: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: Prisma.sql`JOIN study s ON s.id = page.study_id`,
  series: Prisma.sql`JOIN study s ON s.id = page.study_id JOIN series e ON e.id = page.series_id`,
  instance: Prisma.sql`JOIN study s ON s.id = page.study_id JOIN series e ON e.id = page.series_id
    JOIN (SELECT i.* FROM (SELECT series_id, array_agg(instance_id) AS ids FROM page GROUP BY series_id) p
      CROSS JOIN LATERAL weald.instances_among(p.series_id, p.ids) i) i ON i.id = page.instance_id
    LEFT JOIN LATERAL ${NEWEST_OVERLAY} o ON true`,
};

const UIDS: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: Prisma.sql`NULL::text AS "seriesInstanceUid", NULL::text AS "sopInstanceUid", NULL::text AS modality, 0 AS "instancesInSeries"`,
  series: Prisma.sql`e.series_instance_uid AS "seriesInstanceUid", NULL::text AS "sopInstanceUid", e.modality,
    e.instance_count AS "instancesInSeries"`,
  instance: Prisma.sql`e.series_instance_uid AS "seriesInstanceUid", i.sop_instance_uid AS "sopInstanceUid", e.modality,
    e.instance_count AS "instancesInSeries"`,
};

const DATASET: Readonly<Record<QueryLevel, Prisma.Sql>> = {
  study: SERVED.study(s),
  series: Prisma.sql`(${SERVED.study(s)} || ${SERVED.series(s)})`,
  instance: SERVED.instance(s),
};

/** Rejected at any level is not served. */
const servedBelow = (level: QueryLevel): Prisma.Sql[] => [
  ...(depthOf(level) >= 1 ? [isServedSeries(Prisma.raw("e"))] : []),
  ...(depthOf(level) >= 2 ? [isServedInstance(Prisma.raw("i"))] : []),
];

const servedSeriesOf = (study: Prisma.Sql) =>
  Prisma.sql`series x WHERE x.study_id = ${study}.id AND ${isServedSeries(Prisma.raw("x"))}`;
const countOf = (study: Prisma.Sql) =>
  Prisma.sql`(SELECT coalesce(sum(x.instance_count), 0)::int FROM ${servedSeriesOf(study)})`;

function studyConditions(
  tx: Tx,
  search: Search,
  scope: Access.ReadingScope,
  study: Prisma.Sql,
): Prisma.Sql[] {
  const { custodian, studyInstanceUid } = search;
  return [
    isServedStudy(study),
    ...Access.scopeConditions(tx, scope, study),
    ...(custodian ? [Prisma.sql`${study}.custodian = ${custodian}`] : []),
    ...(studyInstanceUid ? [Prisma.sql`${study}.study_instance_uid = ${studyInstanceUid}`] : []),
  ];
}

/**
 * The region's view: of one study that several trusts hold, the copy with most instances, then the actor's own trust's.
 * Only copies count that would stand on this very list.
 */
function isBestCopy(tx: Tx, search: Search, scope: Access.ReadingScope): Prisma.Sql[] {
  if (search.custodian) return [];
  const own = organisationOf(tx.actor) ?? "";
  const rank = (study: Prisma.Sql) =>
    Prisma.sql`(${countOf(study)}, ${study}.custodian = ${own}, ${study}.id)`;
  const where = [
    Prisma.sql`c.study_instance_uid = s.study_instance_uid AND c.custodian <> s.custodian AND c.patient_id = s.patient_id`,
    // One whose site is masked stands for no other, nor is it hidden by one.
    ...studyConditions(tx, search, { ...scope, masks: false }, c),
    ...matchConditions(search.query, "study", c),
    Prisma.sql`${rank(c)} > ${rank(s)}`,
  ];
  // OFFSET 0: asked of each row by the UID's index. As a join the planner would read the whole region for a page of fifty.
  return [Prisma.sql`NOT EXISTS (SELECT 1 FROM study c WHERE ${Prisma.join(where, " AND ")} OFFSET 0)`];
}

/** `isMatched`: where it begins holds to what is asked of a study already, and to ask again would have the planner find them twice. */
function conditions(tx: Tx, search: Search, scope: Access.ReadingScope, isMatched: boolean): Prisma.Sql {
  const { level, seriesInstanceUid, query } = search;
  const below = depthOf(level);
  return Prisma.join(
    [
      ...servedBelow(level),
      ...studyConditions(tx, search, scope, s),
      ...(isMatched ? [] : matchConditions(query, "study", s)),
      ...(below >= 1 ? matchConditions(query, "series", s) : []),
      ...(below >= 2 ? matchConditions(query, "instance", s) : []),
      ...(seriesInstanceUid ? [Prisma.sql`e.series_instance_uid = ${seriesInstanceUid}`] : []),
      ...isBestCopy(tx, search, scope),
    ],
    " AND ",
  );
}

type Raw = Omit<FoundRow, "nhsNumber"> & { nhsNumber: string | null; found: number; newest: number };

/** A search that no index narrows is given up before the transaction's own end, with a word on what to do. */
class TooWide extends WealdError {
  readonly kind = "too_large";
  readonly code = "QUERY_TOO_WIDE";
}
const LONGEST_MS = 1500;
const wasCancelled = (error: unknown) =>
  error instanceof Prisma.PrismaClientKnownRequestError && JSON.stringify(error.meta ?? {}).includes("57014");

async function withinTime<T>(tx: Tx, ms: number, work: () => Promise<T>): Promise<T> {
  await databaseOf(tx)
    .$queryRaw`SELECT set_config('statement_timeout', ${String(Math.max(1, Math.round(ms)))}, true)`;
  try {
    return await work();
  } catch (error) {
    if (!wasCancelled(error)) throw error;
    const advice = "Narrow it by PatientID, by a range of StudyDate, or by UIDs.";
    throw new TooWide(`This search takes too long over all that is held. ${advice}`, { cause: error });
  }
}

/** The rows of a page: of all that match, or of the newest of them. */
function findRows(tx: Tx, search: Search, scope: Access.ReadingScope, newest?: Prisma.Sql): Promise<Raw[]> {
  const { level, query, tags, limit } = search;
  const driver = driverOf(search, newest);
  const dataset =
    tags === "all" ? DATASET[level] : Prisma.sql`weald.pick(${DATASET[level]}, ${[...tags]}::text[])`;
  return databaseOf(tx).$queryRaw<Raw[]>`
    WITH page AS MATERIALIZED (
      SELECT row_number() OVER () AS place, count(*) OVER ()::int AS found, p.* FROM (
        SELECT ${KEYS[level]}, ${newest ? Prisma.sql`n.newest` : Prisma.sql`0 AS newest`}
        FROM ${driver.from} ${BELOW[level]} WHERE ${Prisma.join([...driver.where, conditions(tx, search, scope, newest !== undefined)], " AND ")}
        ORDER BY ${driver.order}${ORDER_BELOW[level]} LIMIT ${limit + 1} OFFSET ${query.offset}) p),
    answer AS MATERIALIZED (
      SELECT place, found, newest, s.id, s.custodian, s.study_instance_uid, s.modalities, s.patient_record_id, ${UIDS[level]}, ${dataset} AS dataset,
        ${Access.isMaskedRow(tx, scope, s)} AS "isMasked"
      FROM page ${BACK[level]} WHERE place <= ${limit}),
    weighed AS (SELECT answer.*, sum(octet_length(dataset::text)) OVER (ORDER BY place) AS bytes FROM answer)
    SELECT w.id::text AS "studyId", w.custodian, w.study_instance_uid AS "studyInstanceUid", "seriesInstanceUid", "sopInstanceUid",
      modalities, modality, "instancesInSeries", dataset, "isMasked", found, newest, r.nhs_number AS "nhsNumber",
      held.series AS "seriesInStudy", held.instances AS "instancesInStudy"
    FROM weighed w JOIN patient_record r ON r.id = w.patient_record_id
    CROSS JOIN LATERAL (SELECT count(*)::int AS series, coalesce(sum(x.instance_count), 0)::int AS instances
      FROM ${servedSeriesOf(Prisma.raw("w"))}) held
    WHERE bytes <= ${MOST_BYTES} OR place = 1 ORDER BY place`;
}

/** Both ways together within the time of one. */
async function pageOf(tx: Tx, search: Search, scope: Access.ReadingScope): Promise<Raw[]> {
  const began = performance.now();
  const newest = newestOfName(search);
  const near = newest ? await withinTime(tx, LONGEST_MS, () => findRows(tx, search, scope, newest)) : [];
  if (isWhole(near, search.limit)) return near;
  return withinTime(tx, LONGEST_MS - (performance.now() - began), () => findRows(tx, search, scope));
}

/** At most `limit` rows and 4 MB of them. `isCut`: there are more. Of rows that a page skips only their keys are read. */
export async function findServed(
  tx: Tx,
  search: Search,
  scope: Access.ReadingScope,
): Promise<{ rows: FoundRow[]; isCut: boolean }> {
  const { limit } = search;
  const found = await pageOf(tx, search, scope);
  const rows = found.map(({ found: _found, newest: _newest, nhsNumber, ...row }) => ({
    ...row,
    nhsNumber: nhsNumber ?? undefined,
    seriesInstanceUid: row.seriesInstanceUid ?? undefined,
    sopInstanceUid: row.sopInstanceUid ?? undefined,
    modality: row.modality ?? undefined,
  }));
  return { rows, isCut: limit > 0 && (found[0]?.found ?? 0) > rows.length };
}

/** Whether another trust holds one of these studies with other instances, as far as this actor may know that copy. */
export async function doCopiesDiffer(
  tx: Tx,
  studyIds: readonly string[],
  scope: Access.ReadingScope,
): Promise<boolean> {
  if (studyIds.length === 0) return false;
  const pairs = await databaseOf(tx).$queryRaw<{ here: string; there: string }[]>`
    SELECT s.id::text AS here, c.id::text AS there FROM study s
    JOIN study c ON c.study_instance_uid = s.study_instance_uid AND c.custodian <> s.custodian AND c.patient_id = s.patient_id
    WHERE s.id = ANY (${[...new Set(studyIds)]}::uuid[]) AND ${isServedStudy(c)}
      AND ${Prisma.join(Access.scopeConditions(tx, scope, c), " AND ")}`;
  const differences = await compareSets(tx, pairs);
  return differences.some(({ moreHere, moreThere }) => moreHere + moreThere > 0);
}

/** Which of these studies are there for an actor who can't open them: that they exist is what opening them would say too. */
export async function findWithheld(
  tx: Tx,
  { uids, custodian }: { uids: readonly string[]; custodian: string | undefined },
): Promise<string[]> {
  const where = [
    Prisma.sql`s.study_instance_uid = ANY (${[...uids]}::text[])`,
    ...(custodian ? [Prisma.sql`s.custodian = ${custodian}`] : []),
    isServedStudy(s),
    ...Access.sayable(tx, s),
  ];
  const rows = await databaseOf(tx).$queryRaw<{ uid: string }[]>`
    SELECT DISTINCT s.study_instance_uid AS uid FROM study s WHERE ${Prisma.join(where, " AND ")} ORDER BY 1`;
  return rows.map(({ uid }) => uid);
}
