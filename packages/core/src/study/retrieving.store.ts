import { Prisma } from "@weald/db";
import type { DicomJson, FrameLocator } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Scope } from "./retrieval.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";

const [SERIES, INSTANCE] = [Prisma.sql`e`, Prisma.sql`i`];

export type HeldUnderUid = { studyId: string; custodian: string; instances: number };

/** Copies of a study, the fullest first: the region's view is the first that the actor may read. */
export async function findHeldUnderUid(
  tx: Tx,
  studyInstanceUid: string,
  custodian: string | undefined,
): Promise<HeldUnderUid[]> {
  return databaseOf(tx).$queryRaw<HeldUnderUid[]>`
    SELECT s.id::text AS "studyId", s.custodian, coalesce(sum(e.instance_count), 0)::int AS instances
    FROM study s LEFT JOIN series e ON e.study_id = s.id AND ${isServedSeries(SERIES)}
    WHERE ${isServedStudy(Prisma.sql`s`)} AND s.study_instance_uid = ${studyInstanceUid} AND (${custodian ?? null}::text IS NULL OR s.custodian = ${custodian ?? null})
    GROUP BY s.id ORDER BY instances DESC, s.custodian`;
}

export type Within = {
  studyId: string;
  seriesInstanceUid: string | undefined;
  sopInstanceUid: string | undefined;
};

/** The instances that are asked for, as `i`, and their series, as `e`: one by its UID alone is looked up by that. */
const held = ({ studyId, seriesInstanceUid, sopInstanceUid }: Within) => Prisma.sql`
  series e CROSS JOIN LATERAL ${
    sopInstanceUid === undefined
      ? Prisma.sql`weald.instances_of(e.id)`
      : Prisma.sql`weald.instances_named(e.custodian, ARRAY[${sopInstanceUid}])`
  } i WHERE e.study_id = ${studyId}::uuid AND i.series_id = e.id AND ${isServedSeries(SERIES)} AND ${isServedInstance(INSTANCE)}
  AND (${seriesInstanceUid ?? null}::text IS NULL OR e.series_instance_uid = ${seriesInstanceUid ?? null})`;

/** By series, then instance number, those without one last; `id` makes the order total. */
const place = Prisma.sql`(i.series_id, coalesce(i.instance_number, 2147483647), i.id)`;
const inOrder = Prisma.sql`i.series_id, coalesce(i.instance_number, 2147483647), i.id`;
const NATIVE = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"];
const first = (tag: string) => Prisma.sql`coalesce((i.header->${tag}->'Value'->>0)::numeric, 1)`;

/** `decoded`: how much it is with encapsulated pixels decoded; it looks into each header, so only where it is asked for. */
export type Sizes = "stored" | "decoded";

const decodedSize = Prisma.sql`CASE WHEN i.transfer_syntax_uid = ANY (${NATIVE}) OR i.pixel_sha256 IS NULL THEN i.size_bytes
  ELSE i.number_of_frames::numeric * ${first("00280010")} * ${first("00280011")} * ${first("00280002")} * ceil(${first("00280100")} / 8) END`;

export async function findScope(tx: Tx, of: Within, sizes: Sizes): Promise<Scope> {
  const [row] = await databaseOf(tx).$queryRaw<
    { count: number; stored: bigint; decoded: bigint; mark: string | null }[]
  >`
    SELECT count(*)::int AS count, coalesce(sum(i.size_bytes), 0)::bigint AS stored,
      coalesce(sum(${sizes === "decoded" ? decodedSize : Prisma.sql`i.size_bytes`}), 0)::bigint AS decoded,
      md5(string_agg(i.id::text || '.' || i.version, ',' ORDER BY i.id)) || coalesce((
        SELECT md5(string_agg(o.id::text, ',' ORDER BY o.id)) FROM overlay o WHERE o.study_id = ${of.studyId}::uuid), '') AS mark
    FROM ${held(of)}`;
  return {
    count: row?.count ?? 0,
    storedBytes: Number(row?.stored ?? 0),
    decodedBytes: Number(row?.decoded ?? 0),
    mark: row?.mark ?? "",
  };
}

export type ArchivedInstance = {
  id: string;
  seriesId: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
  sopClassUid: string;
  objectKey: string;
  sizeBytes: number;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  hasMetaHeader: boolean;
  numberOfFrames: number;
};
/** `header`: as JSON text. `frames`: all of them, or only those asked for. */
export type ReadInstanceRow = ArchivedInstance & {
  header: string | undefined;
  frames: FrameLocator[] | undefined;
};

export type Page = {
  after: string | undefined;
  limit: number;
  /** So much of headers, as the database holds them, is the most of a page. */
  headerBytes: number;
  withHeaders: "all" | "of coded" | "none";
  /** Frames of instances in any other syntax than these; `undefined`: of none. */
  framesUnless: readonly string[] | undefined;
  sizes: Sizes;
};

type Raw = Omit<ReadInstanceRow, "sizeBytes" | "encoding" | "header" | "frames"> & {
  sizeBytes: bigint;
  encoding: string;
  header: string | null;
  frames: FrameLocator[] | null;
  listed: number;
};

/** One statement a page, in the order of `place`; one row more than the page tells that there is another. */
export async function findRetrieved(
  tx: Tx,
  of: Within,
  page: Page,
): Promise<{ rows: ReadInstanceRow[]; isMore: boolean }> {
  const after = page.after ?? null;
  const isCoded =
    page.framesUnless === undefined
      ? Prisma.sql`false`
      : Prisma.sql`NOT (i.transfer_syntax_uid = ANY (${[...page.framesUnless]}))`;
  const wantsHeader =
    page.withHeaders === "all" ? Prisma.sql`true` : page.withHeaders === "none" ? Prisma.sql`false` : isCoded;
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    WITH listed AS MATERIALIZED (
      SELECT i.id, i.series_id, row_number() OVER (ORDER BY ${inOrder}) AS at
      FROM ${held(of)} AND (${after}::uuid IS NULL OR ${place} > (
        SELECT p.series_id, coalesce(p.instance_number, 2147483647), p.id
        FROM series a CROSS JOIN LATERAL weald.instances_among(a.id, ARRAY[${after}::uuid]) p WHERE a.study_id = ${of.studyId}::uuid))
      ORDER BY ${inOrder} LIMIT ${page.limit + 1}),
    -- What a block says of each image is put together for this page alone.
    paged AS MATERIALIZED (
      SELECT i.*, e.series_instance_uid, l.at FROM (SELECT series_id, array_agg(id) AS ids FROM listed GROUP BY series_id) p
      CROSS JOIN LATERAL weald.instances_among(p.series_id, p.ids) i
      JOIN listed l ON l.id = i.id JOIN series e ON e.id = i.series_id),
    weighed AS (SELECT i.*, sum(pg_column_size(i.header)) OVER (ORDER BY i.at) AS bytes FROM paged i)
    SELECT i.id::text, i.series_id::text AS "seriesId", i.series_instance_uid AS "seriesInstanceUid",
      i.sop_instance_uid AS "sopInstanceUid", i.sop_class_uid AS "sopClassUid", i.object_key AS "objectKey",
      i.size_bytes AS "sizeBytes", i.transfer_syntax_uid AS "transferSyntaxUid", i.encoding,
      i.has_meta_header AS "hasMetaHeader", i.number_of_frames AS "numberOfFrames",
      CASE WHEN ${wantsHeader} THEN i.header::text END AS header,
      CASE WHEN ${isCoded} THEN i.frames END AS frames, (SELECT count(*)::int FROM listed) AS listed
    FROM weighed i
    WHERE i.at = 1 OR i.bytes <= ${page.headerBytes}
    ORDER BY i.at`;
  const kept = rows.slice(0, page.limit).map(({ header, frames, listed: _listed, ...row }) => ({
    ...row,
    sizeBytes: Number(row.sizeBytes),
    encoding: row.encoding === "deflate" ? ("deflate" as const) : ("plain" as const),
    header: header ?? undefined,
    frames: frames ?? undefined,
  }));
  return { rows: kept, isMore: (rows[0]?.listed ?? 0) > kept.length };
}

/** The SOP Instance UID of the image in the middle of the first series that has one: it stands for all in a thumbnail. */
export async function findRepresentative(tx: Tx, of: Within): Promise<string | undefined> {
  const [found] = await databaseOf(tx).$queryRaw<{ sopInstanceUid: string }[]>`
    WITH images AS (
      SELECT i.sop_instance_uid, e.id AS series, e.number, e.series_instance_uid,
        row_number() OVER (PARTITION BY e.id ORDER BY i.instance_number NULLS LAST, i.id) AS at,
        count(*) OVER (PARTITION BY e.id) AS count
      FROM ${held(of)} AND i.number_of_frames > 0)
    SELECT sop_instance_uid AS "sopInstanceUid" FROM images WHERE at = count / 2 + 1
    ORDER BY number NULLS LAST, series_instance_uid LIMIT 1`;
  return found?.sopInstanceUid;
}

export const headerOf = (row: { header: string | undefined }): DicomJson =>
  row.header === undefined ? {} : (JSON.parse(row.header) as DicomJson);
