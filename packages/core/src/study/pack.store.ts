import { Prisma } from "@weald/db";
import type { DicomJson, FrameLocator, PackedFrame } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";
import { unfoldSeries } from "./unfold.store.ts";

const [s, e, i] = [Prisma.raw("s"), Prisma.raw("e"), Prisma.raw("i")];

/** A settled series that is served, as it is packed. */
export type SeriesToPack = {
  seriesId: string;
  custodian: string;
  studyInstanceUid: string;
  seriesInstanceUid: string;
  studyStorageId: string;
  modality: string;
  frameOfReferenceUid: string | null;
  /** Rises with each image that comes or is replaced. */
  seriesVersion: number;
};

export async function findSeriesToPack(tx: Tx, seriesId: string): Promise<SeriesToPack | undefined> {
  const [row] = await databaseOf(tx).$queryRaw<SeriesToPack[]>`
    SELECT e.id::text AS "seriesId", e.custodian, s.study_instance_uid AS "studyInstanceUid",
      e.series_instance_uid AS "seriesInstanceUid", s.storage_id AS "studyStorageId", e.modality,
      e.frame_of_reference_uid AS "frameOfReferenceUid", e.version AS "seriesVersion"
    FROM series e JOIN study s ON s.id = e.study_id
    WHERE e.id = ${seriesId}::uuid AND e.settled_at IS NOT NULL AND ${isServedStudy(s)} AND ${isServedSeries(e)}`;
  return row;
}

/** Image Pixel, as far as it says how samples lie. @see DICOM PS3.3 §C.7.6.3 */
const PIXEL_TAGS = [
  ...["00280002", "00280004", "00280006", "00280010", "00280011"],
  ...["00280100", "00280101", "00280102", "00280103"],
];

export type PackableInstance = {
  id: string;
  objectKey: string;
  encoding: "plain" | "deflate";
  transferSyntaxUid: string;
  numberOfFrames: number;
  frames: FrameLocator[];
  header: DicomJson;
};

type Page = { after: string | undefined; limit: number };

/** Behind the last instance of the page before, in the order in which a reader goes through them. */
const behind = (seriesId: string, after: string | undefined) =>
  after === undefined
    ? Prisma.empty
    : Prisma.sql`AND (coalesce(i.instance_number, 2147483647), i.id) > (
        SELECT coalesce(p.instance_number, 2147483647), p.id FROM weald.instances_among(${seriesId}::uuid, ARRAY[${after}::uuid]) p)`;

/** What is served of a series, with what says how its pixels lie and nothing else of its headers. */
export async function findPackable(
  tx: Tx,
  seriesId: string,
  { after, limit }: Page,
): Promise<PackableInstance[]> {
  return databaseOf(tx).$queryRaw<PackableInstance[]>`
    SELECT i.id::text, i.object_key AS "objectKey", i.encoding, i.transfer_syntax_uid AS "transferSyntaxUid",
      i.number_of_frames AS "numberOfFrames", i.frames,
      coalesce((SELECT jsonb_object_agg(tag, i.header->tag) FROM unnest(${PIXEL_TAGS}::text[]) AS tag WHERE i.header ? tag), '{}') AS header
    FROM weald.instances_of(${seriesId}::uuid) i WHERE ${isServedInstance(i)} ${behind(seriesId, after)}
    ORDER BY coalesce(i.instance_number, 2147483647), i.id LIMIT ${limit}`;
}

export type ManifestRow = PackableInstance & {
  sopInstanceUid: string;
  sopClassUid: string;
  sizeBytes: string;
  sha256Received: string;
  sha256Stored: string;
  pixelSha256: string | null;
  hasMetaHeader: boolean;
};

/** The same with all that a manifest says. */
export async function findManifestRows(
  tx: Tx,
  seriesId: string,
  { after, limit }: Page,
): Promise<ManifestRow[]> {
  return databaseOf(tx).$queryRaw<ManifestRow[]>`
    SELECT i.id::text, i.object_key AS "objectKey", i.encoding, i.transfer_syntax_uid AS "transferSyntaxUid",
      i.number_of_frames AS "numberOfFrames", i.frames, i.header, i.sop_instance_uid AS "sopInstanceUid",
      i.sop_class_uid AS "sopClassUid", i.size_bytes::text AS "sizeBytes", i.sha256_received AS "sha256Received",
      i.sha256_stored AS "sha256Stored", i.pixel_sha256 AS "pixelSha256", i.has_meta_header AS "hasMetaHeader"
    FROM weald.instances_of(${seriesId}::uuid) i WHERE ${isServedInstance(i)} ${behind(seriesId, after)}
    ORDER BY coalesce(i.instance_number, 2147483647), i.id LIMIT ${limit}`;
}

export type NewPack = {
  packId: string;
  series: SeriesToPack;
  version: number;
  objectKey: string | undefined;
  sizeBytes: number;
  sha256: string;
  manifestKey: string;
  /** All that were read of the series, packed or not: what isn't served as it was read stops the publishing. */
  read: readonly { id: string; objectKey: string }[];
  packed: readonly { instanceId: string; frames: PackedFrame[] }[];
};

/** Whether the series and each image in it are still as they were read. They stay so, as rows, until this transaction ends. */
export async function isAsRead(tx: Tx, { series, read }: Pick<NewPack, "series" | "read">): Promise<boolean> {
  const db = databaseOf(tx);
  await unfoldSeries(tx, [series.seriesId]);
  const [found] = await db.$queryRaw<{ version: number }[]>`
    SELECT version FROM series WHERE id = ${series.seriesId}::uuid AND settled_at IS NOT NULL FOR SHARE`;
  if (found?.version !== series.seriesVersion) return false;
  const held = await db.$queryRaw<{ id: string; objectKey: string }[]>`
    SELECT i.id::text, i.object_key AS "objectKey" FROM instance i
    WHERE i.series_id = ${series.seriesId}::uuid AND ${isServedInstance(i)} FOR SHARE`;
  const keys = new Map(held.map(({ id, objectKey }) => [id, objectKey]));
  return held.length === read.length && read.every(({ id, objectKey }) => keys.get(id) === objectKey);
}

/** The next version of a series' pack. From here on readers are told of it; who holds the one before goes on with that. */
export async function publishPack(tx: Tx, pack: NewPack): Promise<void> {
  const db = databaseOf(tx);
  const { packId, series, version, objectKey, sizeBytes, sha256, manifestKey, packed } = pack;
  await db.pack.create({
    data: {
      ...{ id: packId, seriesId: series.seriesId, custodian: series.custodian, version },
      ...{ seriesVersion: series.seriesVersion, objectKey: objectKey ?? null, sizeBytes, manifestKey },
      sha256: objectKey ? sha256 : null,
      frameCount: packed.reduce((sum, { frames }) => sum + frames.length, 0),
      publishedAt: tx.now,
    },
    select: { id: true },
  });
  await db.$executeRaw`
    INSERT INTO packed_instance (instance_id, custodian, pack_id, frames)
    SELECT r."instanceId", ${series.custodian}, ${packId}::uuid, r.frames
    FROM jsonb_to_recordset(${JSON.stringify(packed)}::jsonb) AS r("instanceId" uuid, frames jsonb)
    ON CONFLICT (instance_id) DO UPDATE SET pack_id = excluded.pack_id, frames = excluded.frames`;
}

export type PackPlace = { packId: string; frames: PackedFrame[] };
/** `objectKey`: of the pack, never told. */
export type HeldPlace = PackPlace & { objectKey: string };

/** Where the frames of images of a series lie in packs, of those that do. */
export async function findPackPlaces(
  tx: Tx,
  seriesId: string,
  instanceIds: readonly string[],
): Promise<Map<string, HeldPlace>> {
  if (instanceIds.length === 0) return new Map();
  const rows = await databaseOf(tx).$queryRaw<(HeldPlace & { instanceId: string })[]>`
    SELECT f.instance_id::text AS "instanceId", f.pack_id::text AS "packId", f.frames, p.object_key AS "objectKey"
    FROM weald.packs_among(${seriesId}::uuid, ${[...instanceIds]}::uuid[]) f
    JOIN pack p ON p.id = f.pack_id AND p.withdrawn_at IS NULL AND p.object_key IS NOT NULL`;
  return new Map(rows.map(({ instanceId, ...place }) => [instanceId, place]));
}

/** Object keys by pack, only of what is served of this study, whatever its version: who holds an older one goes on with it. */
export async function findPackKeys(
  tx: Tx,
  studyId: string,
  packIds: readonly string[],
): Promise<Map<string, string>> {
  if (packIds.length === 0) return new Map();
  const rows = await databaseOf(tx).$queryRaw<{ id: string; objectKey: string }[]>`
    SELECT p.id::text, p.object_key AS "objectKey"
    FROM pack p JOIN series e ON e.id = p.series_id JOIN study s ON s.id = e.study_id
    WHERE p.id = ANY (${[...packIds]}::uuid[]) AND p.object_key IS NOT NULL AND p.withdrawn_at IS NULL
      AND e.study_id = ${studyId}::uuid AND ${isServedStudy(s)} AND ${isServedSeries(e)}`;
  return new Map(rows.map(({ id, objectKey }) => [id, objectKey]));
}

/** What a trust's packs come to in the archive: also those that were overtaken or withdrawn. */
export async function sumPacks(tx: Tx, custodian: string): Promise<{ packs: number; sizeBytes: number }> {
  const row = await databaseOf(tx).packTotal.findUnique({
    where: { custodian },
    select: { packs: true, sizeBytes: true },
  });
  return { packs: row?.packs ?? 0, sizeBytes: Number(row?.sizeBytes ?? 0) };
}
