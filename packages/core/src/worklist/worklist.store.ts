import { limitOf, Prisma, unweighed } from "@weald/db";
import { isMaskedRow, scopeConditions, trustConditions } from "../access/index.ts";
import { organisationOf } from "../kernel/index.ts";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { reportStateOf } from "../reporting/index.ts";
import {
  compareSets,
  completenessOfStudy,
  isServedSeries,
  isServedStudy,
  type SeriesCount,
} from "../study/index.ts";
import type { Scope } from "./scope.ts";
import type { RowCopy, WorklistRow } from "./worklist.ts";

export type Filters = {
  from?: string | undefined;
  to?: string | undefined;
  modality?: string | undefined;
  custodian?: string | undefined;
  reportState?: "reported" | "preliminary" | "unreported" | undefined;
  isIncomplete?: boolean | undefined;
  patientId?: string | undefined;
};

type Cursor = { studiedAt: string | null; studyId: string };

type Raw = {
  id: string;
  custodian: string;
  study_instance_uid: string;
  patient_id: string;
  studied_at: Date | null;
  study_date: Date | null;
  modalities: string[];
  body_parts: string[];
  description: string | null;
  accession_number: string | null;
  is_outside: boolean;
  source_name: string | null;
  confirmed_source: string | null;
  confirmed_count: number | null;
  family: string;
  given: string;
  birth_date: Date | null;
  sex: string | null;
  nhs_number: string | null;
  local_number: string;
  name_differs: boolean;
  is_masked: boolean;
  report_status: string | null;
  has_request: boolean;
  copies: RawCopy[] | null;
  series:
    | {
        instanceCount: number;
        missingCount: number;
        setAsideCount: number;
        expectedCount: number | null;
        expectedSource: string | null;
        isSettled: boolean;
      }[]
    | null;
};

/** `s` is a row of the list, `c` a copy of its study in another trust: the same conditions hold for both. */
type Alias = "s" | "c";
const columnsOf = (alias: Alias) => Prisma.raw(alias);

function scoped(tx: Tx, scope: Scope, alias: Alias): Prisma.Sql[] {
  const t = columnsOf(alias);
  return [isServedStudy(t), ...scopeConditions(tx, scope, t)];
}

/** Asked by trust, a list holds nothing whose trust it doesn't say. */
const unmasked = (
  tx: Tx,
  { scope, filters }: Pick<Query, "scope" | "filters">,
  alias: Alias,
): Prisma.Sql[] => (filters.custodian ? [Prisma.sql`NOT ${isMaskedRow(tx, scope, columnsOf(alias))}`] : []);

/** The status of the latest version of the study's report; NULL without one. */
const reportStatusOf = (t: Prisma.Sql) => Prisma.sql`(
  SELECT rv.status FROM report r JOIN report_version rv ON rv.report_id = r.id
  WHERE r.custodian = ${t}.custodian AND r.accession_number = ${t}.accession_number AND r.patient_id = ${t}.patient_id
    AND (${t}.accession_issuer IS NULL OR r.issuer = ${t}.accession_issuer) AND rv.aside_at IS NULL
  ORDER BY rv.message_at DESC, length(rv.message_id) DESC, rv.message_id COLLATE "C" DESC LIMIT 1)`;

const hasRequest = (t: Prisma.Sql) => Prisma.sql`EXISTS (
  SELECT 1 FROM imaging_request i WHERE i.custodian = ${t}.custodian AND i.accession_number = ${t}.accession_number
    AND i.patient_id = ${t}.patient_id AND i.aside_at IS NULL AND (${t}.accession_issuer IS NULL OR i.issuer = ${t}.accession_issuer))`;

/** Under a number may stand several reports, so the status itself decides. */
function inReportState(state: Filters["reportState"], t: Prisma.Sql): Prisma.Sql[] {
  const status = reportStatusOf(t);
  switch (state) {
    case undefined:
      return [];
    case "unreported":
      return [
        Prisma.sql`NOT EXISTS (SELECT 1 FROM report u WHERE u.custodian = ${t}.custodian AND u.accession_number = ${t}.accession_number
        AND u.patient_id = ${t}.patient_id AND (${t}.accession_issuer IS NULL OR u.issuer = ${t}.accession_issuer) AND u.newest_status IS NOT NULL)`,
      ];
    case "preliminary":
      return [Prisma.sql`coalesce(${status} = 'preliminary', false)`];
    case "reported":
      // Most are: said so that the planner doesn't take them for few, for which it would read all patients first.
      return [Prisma.sql`coalesce(${status} IN ('final', 'amended', 'addendum'), false)`];
  }
}

function filtered(filters: Filters, alias: Alias): Prisma.Sql[] {
  const t = columnsOf(alias);
  const where: Prisma.Sql[] = [];
  if (filters.patientId) where.push(Prisma.sql`${t}.patient_id = ${filters.patientId}::uuid`);
  // By the bounds of time (`aroundDays`), not by the day's index: the planner takes the two for independent, and would read the whole month for a page.
  if (filters.from) where.push(unweighed(Prisma.sql`${t}.study_date >= ${filters.from}::date`));
  if (filters.to) where.push(unweighed(Prisma.sql`${t}.study_date <= ${filters.to}::date`));
  // All that the facet finds have it: taken for a rare thing twice over it would read them all.
  if (filters.modality) where.push(unweighed(Prisma.sql`${filters.modality} = ANY (${t}.modalities)`));
  if (filters.custodian) where.push(Prisma.sql`${t}.custodian = ${filters.custodian}`);
  where.push(...inReportState(filters.reportState, t));
  // In the words of the index `series_incomplete_idx`.
  if (filters.isIncomplete) {
    where.push(
      unweighed(Prisma.sql`(SELECT true FROM series e WHERE e.study_id = ${t}.id AND ${isServedSeries(Prisma.raw("e"))}
      AND (e.settled_at IS NULL OR e.missing_count > 0 OR e.instance_count + e.set_aside_count < e.expected_count) IS TRUE LIMIT 1)`),
    );
  }
  return where;
}

/** The same for two studies whose served instances are the same. */
const digestOf = (t: Prisma.Sql) =>
  Prisma.sql`(SELECT bit_xor(d.instance_digest) FROM series d WHERE d.study_id = ${t}.id AND ${isServedSeries(Prisma.raw("d"))})`;

/**
 * Copies of one study show as one row only where their instance sets are equal: the actor's own trust's, else the first
 * that came. Of the copies, only those count that stand on this very list; the page's place has no part in it, so that a
 * row is there or not whatever page is asked for.
 */
function firstOfEqualCopies(query: Query, tx: Tx): Prisma.Sql {
  const own = organisationOf(tx.actor) ?? "";
  const [s, c] = [columnsOf("s"), columnsOf("c")];
  const where = [
    Prisma.sql`c.study_instance_uid = s.study_instance_uid AND c.custodian <> s.custodian AND c.patient_id = s.patient_id`,
    Prisma.sql`((c.custodian <> ${own}), c.id) < ((s.custodian <> ${own}), s.id)`,
    ...scoped(tx, query.scope, "c"),
    ...filtered(query.filters, "c"),
    ...unmasked(tx, query, "c"),
    Prisma.sql`${digestOf(c)} = ${digestOf(s)}`,
  ];
  return Prisma.sql`NOT EXISTS (SELECT 1 FROM study c WHERE ${Prisma.join(where, " AND ")})`;
}

/**
 * By key, not by offset: the last page costs as much as the first. Those without a time come in a search of their own, since
 * "or without a time" would have the index read from its beginning.
 */
function after(cursor: Cursor | undefined, { studiedAt, id }: Driver): Prisma.Sql[] {
  if (!cursor) return [];
  if (!cursor.studiedAt) return [Prisma.sql`${studiedAt} IS NULL AND ${id} < ${cursor.studyId}::uuid`];
  return [Prisma.sql`(${studiedAt}, ${id}) < (${cursor.studiedAt}::timestamptz, ${cursor.studyId}::uuid)`];
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * The order is by time and the filter by day: without bounds of time a month long past is sought from today backwards. As wide as a day is
 * anywhere: from 14 hours before it begins in UTC to 12 after it ends. The end is a row's, as a page's is: two bounds of one column
 * are taken for a two-hundredth of all, for which a page would be sorted out of the month. @see DICOM PS3.3 §C.12.1.1.8 (Timezone Offset From UTC)
 */
function aroundDays(
  { from, to }: Filters,
  cursor: Cursor | undefined,
  { studiedAt, id }: Driver,
): Prisma.Sql[] {
  if (cursor?.studiedAt === null) return [];
  return [
    ...(from ? [Prisma.sql`${studiedAt} >= (${from}::date - interval '14 hours')::timestamptz`] : []),
    ...(to
      ? [
          Prisma.sql`(${studiedAt}, ${id}) < ((${to}::date + interval '36 hours')::timestamptz, ${FIRST_ID}::uuid)`,
        ]
      : []),
  ];
}

const FIRST_WITHOUT_TIME: Cursor = { studiedAt: null, studyId: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/** What a list begins from: its newest of that kind, however many there are. The study itself has the last word. */
function facetOf({ isIncomplete, reportState, modality }: Filters): string | undefined {
  if (isIncomplete) return "series incomplete";
  if (reportState === "unreported" || reportState === "preliminary") return `report ${reportState}`;
  return modality && `modality ${modality}`;
}

type Driver = { from: Prisma.Sql; where: Prisma.Sql[]; studiedAt: Prisma.Sql; id: Prisma.Sql };
const STUDIES: Driver = {
  from: Prisma.sql`study s`,
  where: [],
  studiedAt: Prisma.sql`s.studied_at`,
  id: Prisma.sql`s.id`,
};

function driverOf(tx: Tx, { scope, filters }: Query): Driver {
  const facet = facetOf(filters);
  if (!facet) return STUDIES;
  return {
    from: Prisma.sql`study_facet f JOIN study s ON s.id = f.study_id`,
    where: [
      Prisma.sql`f.facet = ${facet} AND f.is_current`,
      // Said by the facet itself, so that no study of another trust is looked up.
      ...(filters.custodian ? [Prisma.sql`f.custodian = ${filters.custodian}`] : []),
      ...trustConditions(tx, scope, {
        custodian: Prisma.sql`f.custodian`,
        studyId: Prisma.sql`f.study_id`,
      }),
    ],
    studiedAt: Prisma.sql`f.studied_at`,
    id: Prisma.sql`f.study_id`,
  };
}

type Query = { scope: Scope; filters: Filters; cursor: Cursor | undefined; limit: number };

/** Which of these studies stand on the actor's list, with where they were made. */
export async function findOpenOnList(tx: Tx, scope: Scope, studyIds: readonly string[]): Promise<string[]> {
  if (studyIds.length === 0) return [];
  const rows = await databaseOf(tx).$queryRaw<{ id: string }[]>`
    SELECT s.id::text FROM study s
    WHERE s.id = ANY (${[...studyIds]}::uuid[]) AND ${Prisma.join(scoped(tx, scope, "s"), " AND ")}
      AND NOT ${isMaskedRow(tx, scope, columnsOf("s"))}`;
  return rows.map(({ id }) => id);
}

type Page = {
  rows: WorklistRow[];
  /** By which to ask whether anything changed: every transaction below it had ended when the rows were read. */
  changeCursor: string;
};

export async function findPage(tx: Tx, query: Query): Promise<Page> {
  const { rows, changeCursor } = await findPart(tx, query);
  const { cursor, filters } = query;
  const missing = query.limit - rows.length;
  const isOfTime = cursor ? cursor.studiedAt !== null : Boolean(filters.from || filters.to);
  if (isOfTime && missing > 0) {
    const untimed = await findPart(tx, { ...query, cursor: FIRST_WITHOUT_TIME });
    rows.push(...untimed.rows.slice(0, missing));
  }
  const copies = await comparedCopies(tx, rows);
  return { rows: rows.map((row) => ({ ...shape(row), copies: copies.get(row.id) ?? [] })), changeCursor };
}

const CHANGE_CURSOR = Prisma.sql`pg_snapshot_xmin(pg_current_snapshot())::text`;

async function findPart(tx: Tx, query: Query): Promise<{ rows: Raw[]; changeCursor: string }> {
  const driver = driverOf(tx, query);
  const s = columnsOf("s");
  const where = [
    ...scoped(tx, query.scope, "s"),
    ...filtered(query.filters, "s"),
    ...unmasked(tx, query, "s"),
    ...driver.where,
    ...aroundDays(query.filters, query.cursor, driver),
    ...after(query.cursor, driver),
    firstOfEqualCopies(query, tx),
  ];
  // The cursor stands beside each row, and by itself where there is none: it is of the same snapshot as they are.
  const found = await databaseOf(tx).$queryRaw<
    ((Raw | Record<keyof Raw, null>) & { change_cursor: string })[]
  >`
    SELECT ${CHANGE_CURSOR} AS change_cursor, page.* FROM (SELECT 1) one LEFT JOIN LATERAL (
      SELECT s.id::text, s.custodian, s.study_instance_uid, s.patient_id::text, s.studied_at, s.study_date, s.modalities, s.body_parts,
        s.description, s.accession_number, s.is_outside, s.source_name, s.confirmed_source, s.confirmed_count,
        p.family, p.given, p.birth_date, p.sex, p.nhs_number, p.local_number, p.name_differs,
        ${isMaskedRow(tx, query.scope, s)} AS is_masked,
        ${reportStatusOf(s)} AS report_status,
        ${hasRequest(s)} AS has_request,
        (SELECT json_agg(json_build_object('instanceCount', e.instance_count, 'missingCount', e.missing_count,
          'setAsideCount', e.set_aside_count, 'expectedCount', e.expected_count, 'expectedSource', e.expected_source, 'isSettled', e.settled_at IS NOT NULL))
          FROM series e WHERE e.study_id = s.id AND ${isServedSeries(Prisma.raw("e"))}) AS series,
        ${copiesOf(tx, query.scope)} AS copies
      FROM ${driver.from}
      JOIN patient_record p ON p.id = s.patient_record_id
      WHERE ${Prisma.join(where, " AND ")}
      ORDER BY ${driver.studiedAt} DESC NULLS LAST, ${driver.id} DESC
      ${limitOf(query.limit)}) page ON true`;
  return {
    rows: found.flatMap((row) => (row.id === null ? [] : [row])),
    changeCursor: found[0]?.change_cursor ?? "0",
  };
}

type RawCopy = {
  studyId: string;
  custodian: string;
  status: string | null;
  hasRequest: boolean;
  isEqual: boolean;
};

/** Who else holds a study of this page, as far as the actor's own list may hold those copies too, and say whose they are. */
function copiesOf(tx: Tx, scope: Scope): Prisma.Sql {
  const [s, c] = [columnsOf("s"), columnsOf("c")];
  return Prisma.sql`(
    SELECT json_agg(json_build_object('studyId', c.id, 'custodian', c.custodian, 'status', ${reportStatusOf(c)}, 'hasRequest', ${hasRequest(c)},
      'isEqual', ${digestOf(c)} IS NOT DISTINCT FROM ${digestOf(s)}) ORDER BY c.custodian)
    FROM study c
    WHERE c.study_instance_uid = s.study_instance_uid AND c.custodian <> s.custodian AND c.patient_id = s.patient_id
      AND ${Prisma.join(scoped(tx, { ...scope, masks: false }, "c"), " AND ")})`;
}

const NO_DIFFERENCE = { moreThere: 0, moreHere: 0 };

/** Only copies that aren't equal are compared UID by UID. */
async function comparedCopies(tx: Tx, rows: readonly Raw[]): Promise<Map<string, RowCopy[]>> {
  const held = rows.flatMap(({ id, copies }) => (copies ?? []).map((copy) => ({ here: id, copy })));
  const unequal = held.filter(({ copy }) => !copy.isEqual);
  const differences = await compareSets(
    tx,
    unequal.map(({ here, copy }) => ({ here, there: copy.studyId })),
  );
  const copiesHere = new Map<string, RowCopy[]>();
  for (const one of held) {
    const { studyId, custodian, status, hasRequest } = one.copy;
    const difference = one.copy.isEqual ? NO_DIFFERENCE : differences[unequal.indexOf(one)];
    if (!difference) continue;
    const copy = { studyId, custodian, reportState: stateOf(status, hasRequest), ...difference };
    copiesHere.set(one.here, [...(copiesHere.get(one.here) ?? []), copy]);
  }
  return copiesHere;
}

const STATUSES = ["preliminary", "final", "amended", "addendum", "cancelled"] as const;

const countOf = (series: NonNullable<Raw["series"]>[number]): SeriesCount => ({
  ...series,
  expectedCount: series.expectedCount ?? undefined,
  expectedSource: series.expectedSource ?? undefined,
});

const stateOf = (status: string | null, hasRequest: boolean) =>
  reportStateOf(
    STATUSES.find((known) => known === status),
    hasRequest,
  );

function shape(row: Raw): Omit<WorklistRow, "copies"> {
  const confirmation =
    row.confirmed_source && row.confirmed_count !== null
      ? { source: row.confirmed_source, count: row.confirmed_count }
      : undefined;
  return {
    studyId: row.id,
    custodian: row.custodian,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    patient: {
      family: row.family,
      given: row.given,
      birthDate: row.birth_date?.toISOString().slice(0, 10),
      sex: row.sex ?? undefined,
      nhsNumber: row.nhs_number ?? undefined,
      localNumber: row.local_number,
      nameDiffers: row.name_differs,
    },
    studiedAt: row.studied_at?.toISOString(),
    studyDate: row.study_date?.toISOString().slice(0, 10),
    modalities: row.modalities,
    bodyParts: row.body_parts,
    description: row.description ?? undefined,
    accessionNumber: row.accession_number ?? undefined,
    isMasked: row.is_masked,
    isOutside: row.is_outside,
    sourceName: row.source_name ?? undefined,
    reportState: stateOf(row.report_status, row.has_request),
    completeness: completenessOfStudy((row.series ?? []).map(countOf), confirmation),
  };
}

/** The cursor of a list that holds nothing for this actor. */
export async function readCursor(tx: Tx): Promise<string> {
  const [row] = await databaseOf(tx).$queryRaw<{ cursor: string }[]>`SELECT ${CHANGE_CURSOR} AS cursor`;
  return row?.cursor ?? "0";
}

/** Whether anything that this actor's row-level security shows was changed by a transaction at or above the cursor. */
export async function hasChangedSince(tx: Tx, cursor: string): Promise<boolean> {
  const [row] = await databaseOf(tx).$queryRaw<{ changed: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM study WHERE changed_xid >= ${cursor}::bigint) AS changed`;
  return row?.changed ?? false;
}
