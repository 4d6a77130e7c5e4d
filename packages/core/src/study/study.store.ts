import { Prisma } from "@weald/db";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { CopyFacts } from "./judge-copy.ts";
import { isServedSeries } from "./served.store.ts";
import type { IncomingInstance, IncomingSeries, SeriesAttributes } from "./study.ts";
import { unfoldHolding, unfoldSeries } from "./unfold.store.ts";

export type StudyRow = {
  id: string;
  patientRecordId: string;
  patientId: string;
  modalities: string[];
  bodyParts: string[];
  /** The record under which its images came, where it was moved since. */
  originalRecordId: string | null;
  rejectedAt: Date | null;
  withheldAt: Date | null;
  servedVersion: number;
};

const studyColumns = {
  id: true,
  patientRecordId: true,
  patientId: true,
  modalities: true,
  bodyParts: true,
  originalRecordId: true,
  rejectedAt: true,
  withheldAt: true,
  servedVersion: true,
} as const;

export async function findStudyByUid(
  tx: Tx,
  custodian: string,
  studyInstanceUid: string,
): Promise<StudyRow | undefined> {
  const where = { custodian_studyInstanceUid: { custodian, studyInstanceUid } };
  return (await databaseOf(tx).study.findUnique({ where, select: studyColumns })) ?? undefined;
}

export type NewStudy = Omit<IncomingSeries, "series" | "instances">;

/** A study that this custodian did not know. A concurrent maker is waited for by the unique key. */
export async function createStudy(tx: Tx, incoming: NewStudy): Promise<StudyRow> {
  const { studyInstanceUid, studyDate, ...rest } = incoming.study;
  return databaseOf(tx).study.create({
    data: {
      custodian: incoming.custodian,
      studyInstanceUid,
      storageId: incoming.storageId,
      patientRecordId: incoming.patientRecordId,
      originalRecordId: incoming.servedAs?.namedRecordId ?? null,
      patientId: incoming.patientId,
      isOutside: incoming.isOutside,
      sourceName: incoming.sourceName ?? null,
      studyDate: studyDate ? new Date(studyDate) : null,
      studiedAt: rest.studiedAt ?? null,
      description: rest.description ?? null,
      accessionNumber: rest.accessionNumber ?? null,
      accessionIssuer: rest.accessionIssuer ?? null,
      referrer: rest.referrer ?? null,
      site: rest.site ?? null,
      modalities: [],
      bodyParts: [],
      receivedAt: tx.now,
      changedAt: tx.now,
    },
    select: studyColumns,
  });
}

export type SeriesRow = { id: string; studyId: string; rejectedAt: Date | null };

/** What stands already of a series that comes: its study, itself, and whether any of its objects is known in any way. */
export type Standing = { study: StudyRow | undefined; series: SeriesRow | undefined; knowsSome: boolean };

type StandingRow = {
  [K in keyof StudyRow]: StudyRow[K] | null;
} & {
  knowsSome: boolean;
  seriesId: string | null;
  seriesStudyId: string | null;
  seriesRejectedAt: Date | null;
};

const studyOf = (row: StandingRow): StudyRow | undefined => {
  const { id, patientRecordId, patientId, modalities, bodyParts, servedVersion } = row;
  if (!id || !patientRecordId || !patientId || servedVersion === null) return undefined;
  const { originalRecordId, rejectedAt, withheldAt } = row;
  const [words, parts] = [modalities ?? [], bodyParts ?? []];
  const ids = { id, patientRecordId, patientId, originalRecordId };
  return { ...ids, modalities: words, bodyParts: parts, rejectedAt, withheldAt, servedVersion };
};

/** One look for what most arrivals meet: a study that is known or new, and objects that nobody has seen. */
export async function findStanding(
  tx: Tx,
  custodian: string,
  uids: { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUids: readonly string[] },
): Promise<Standing> {
  const sops = [...uids.sopInstanceUids];
  const [row] = await databaseOf(tx).$queryRaw<StandingRow[]>`
    SELECT s.id::text, s.patient_record_id::text AS "patientRecordId", s.patient_id::text AS "patientId", s.modalities,
      s.body_parts AS "bodyParts", s.original_record_id::text AS "originalRecordId", s.rejected_at AS "rejectedAt",
      s.withheld_at AS "withheldAt", s.served_version AS "servedVersion",
      e.id::text AS "seriesId", e.study_id::text AS "seriesStudyId", e.rejected_at AS "seriesRejectedAt",
      EXISTS (SELECT 1 FROM instance WHERE custodian = ${custodian} AND sop_instance_uid = ANY (${sops}::text[]))
        OR EXISTS (SELECT 1 FROM folded_uid WHERE custodian = ${custodian} AND uid_key = ANY (weald.uid_keys(${sops}::text[])))
        OR EXISTS (SELECT 1 FROM instance WHERE custodian = ${custodian} AND original_sop_instance_uid = ANY (${sops}::text[]))
        AS "knowsSome"
    FROM (SELECT 1) AS one
    LEFT JOIN study s ON s.custodian = ${custodian} AND s.study_instance_uid = ${uids.studyInstanceUid}
    LEFT JOIN series e ON e.custodian = ${custodian} AND e.series_instance_uid = ${uids.seriesInstanceUid}`;
  if (!row) throw new Error("a look without a row");
  const { knowsSome, seriesId: id, seriesStudyId: studyId, seriesRejectedAt: rejectedAt } = row;
  return { knowsSome, study: studyOf(row), series: id && studyId ? { id, studyId, rejectedAt } : undefined };
}

export async function findOrCreateSeries(
  tx: Tx,
  custodian: string,
  studyId: string,
  series: SeriesAttributes,
): Promise<SeriesRow> {
  const db = databaseOf(tx);
  const select = { id: true, studyId: true, rejectedAt: true } as const;
  const where = { custodian_seriesInstanceUid: { custodian, seriesInstanceUid: series.seriesInstanceUid } };
  const known = await db.series.findUnique({ where, select });
  if (known) return known;
  return db.series.create({
    data: {
      studyId,
      custodian,
      seriesInstanceUid: series.seriesInstanceUid,
      modality: series.modality,
      number: series.number ?? null,
      description: series.description ?? null,
      bodyPart: series.bodyPart ?? null,
      laterality: series.laterality ?? null,
      frameOfReferenceUid: series.frameOfReferenceUid ?? null,
      expectedCount: series.expectedCount ?? null,
      expectedSource: series.expectedSource ?? null,
      lastArrivedAt: tx.now,
    },
    select,
  });
}

/** Where this custodian holds a series now, and in which study it came, if a correction moved it. */
export type SeriesHome = { study: StudyRow & { studyInstanceUid: string }; cameIn: CameIn | undefined };
type CameIn = { studyInstanceUid: string; patientRecordId: string; originalRecordId: string | null };

export async function findSeriesHome(
  tx: Tx,
  custodian: string,
  seriesInstanceUid: string,
): Promise<SeriesHome | undefined> {
  const db = databaseOf(tx);
  const row = await db.series.findUnique({
    where: { custodian_seriesInstanceUid: { custodian, seriesInstanceUid } },
    select: { originalStudyId: true, study: { select: { ...studyColumns, studyInstanceUid: true } } },
  });
  if (!row) return undefined;
  const cameIn = row.originalStudyId
    ? await db.study.findUnique({
        where: { id: row.originalStudyId },
        select: { studyInstanceUid: true, patientRecordId: true, originalRecordId: true },
      })
    : undefined;
  return { study: row.study, cameIn: cameIn ?? undefined };
}

/** Writers of one study wait for each other: duplicates, alternates and counts are judged one after the other. */
export async function lockStudy(tx: Tx, custodian: string, studyInstanceUid: string): Promise<void> {
  await databaseOf(tx)
    .$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`study:${custodian}|${studyInstanceUid}`}, 0))::text`;
}

/** `alternates`: SHA-256 of other bytes that are held under this UID already, as alternates or as what was replaced. */
export type KnownCopy = {
  instanceId: string;
  seriesId: string;
  studyId: string;
  facts: CopyFacts;
  alternates: string[];
  isRejected: boolean;
};

async function findReplacedBytes(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await databaseOf(tx).instanceSuperseded.findMany({
    where: { custodian, sopInstanceUid: { in: [...sopInstanceUids] } },
    select: { sopInstanceUid: true, sha256Received: true },
  });
  const bytes = new Map<string, string[]>();
  for (const { sopInstanceUid, sha256Received } of rows)
    bytes.set(sopInstanceUid, [...(bytes.get(sopInstanceUid) ?? []), sha256Received]);
  return bytes;
}

/** Bytes that this custodian holds under another identity since a conflict was solved so (docs/adr/0006), by SHA-256. */
export async function findHeldUnderAnother(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Map<string, { instanceId: string; studyId: string }>> {
  const rows = await databaseOf(tx).instance.findMany({
    where: { custodian, originalSopInstanceUid: { in: [...sopInstanceUids] } },
    select: { id: true, sha256Received: true, series: { select: { studyId: true } } },
  });
  return new Map(
    rows.map((row) => [row.sha256Received, { instanceId: row.id, studyId: row.series.studyId }]),
  );
}

type KnownRow = Omit<CopyFacts, "pixelSha256"> & {
  id: string;
  sopInstanceUid: string;
  pixelSha256: string | null;
  seriesId: string;
  studyId: string;
  isRejected: boolean;
  alternates: string[];
};

export async function findKnownCopies(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Map<string, KnownCopy>> {
  const replaced = await findReplacedBytes(tx, custodian, sopInstanceUids);
  const rows = await databaseOf(tx).$queryRaw<KnownRow[]>`
    SELECT i.id::text, i.sop_instance_uid AS "sopInstanceUid", i.sha256_received AS "sha256Received", i.pixel_sha256 AS "pixelSha256",
      i.transfer_syntax_uid AS "transferSyntaxUid", i.header, e.study_id::text AS "studyId", e.id::text AS "seriesId",
      e.series_instance_uid AS "seriesInstanceUid", s.study_instance_uid AS "studyInstanceUid",
      (i.rejected_at IS NOT NULL OR e.rejected_at IS NOT NULL OR s.rejected_at IS NOT NULL) AS "isRejected",
      ARRAY(SELECT a.sha256_received FROM instance_alternate a WHERE a.instance_id = i.id) AS alternates
    FROM weald.instances_named(${custodian}, ${[...sopInstanceUids]}::text[]) i
    JOIN series e ON e.id = i.series_id JOIN study s ON s.id = e.study_id`;
  return new Map(
    rows.map(({ id, sopInstanceUid, seriesId, studyId, isRejected, alternates, pixelSha256, ...facts }) => [
      sopInstanceUid,
      {
        instanceId: id,
        ...{ seriesId, studyId, isRejected },
        alternates: [...alternates, ...(replaced.get(sopInstanceUid) ?? [])],
        facts: { ...facts, pixelSha256: pixelSha256 ?? undefined },
      },
    ]),
  );
}

/** PostgreSQL's jsonb refuses NUL, which some devices pad text with. */
export const jsonWithoutNul = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === "string" ? one.replaceAll("\0", "") : one));

const recordOf = (instance: IncomingInstance) => ({
  sop_instance_uid: instance.sopInstanceUid,
  original_sop_instance_uid: instance.originalSopInstanceUid ?? null,
  sop_class_uid: instance.sopClassUid,
  instance_number: instance.instanceNumber ?? null,
  slice_position: instance.slicePosition ?? null,
  number_of_frames: instance.numberOfFrames,
  object_key: instance.objectKey,
  size_bytes: instance.sizeBytes,
  transfer_syntax_uid: instance.transferSyntaxUid,
  encoding: instance.encoding,
  sha256_received: instance.sha256Received,
  sha256_stored: instance.sha256Stored,
  pixel_sha256: instance.pixelSha256 ?? null,
  preamble: instance.preamble ? `\\x${Buffer.from(instance.preamble).toString("hex")}` : null,
  has_meta_header: instance.hasMetaHeader,
  header: instance.header,
  frames: instance.frames,
  deviations: instance.deviations,
});

/** One statement for the whole batch: Prisma's own bulk insert is an order of magnitude slower. */
export async function insertInstances(
  tx: Tx,
  series: { id: string; custodian: string },
  instances: readonly IncomingInstance[],
): Promise<Map<string, string>> {
  if (instances.length === 0) return new Map();
  const records = jsonWithoutNul(instances.map(recordOf));
  const rows = await databaseOf(tx).$queryRaw<{ id: string; sop_instance_uid: string }[]>`
    INSERT INTO instance (id, series_id, custodian, sop_instance_uid, sop_class_uid, instance_number, slice_position,
      number_of_frames, object_key, size_bytes, transfer_syntax_uid, encoding, sha256_received, sha256_stored, pixel_sha256,
      preamble, has_meta_header, header, frames, deviations, original_sop_instance_uid, received_at)
    SELECT uuidv7(), ${series.id}::uuid, ${series.custodian}, r.sop_instance_uid, r.sop_class_uid, r.instance_number, r.slice_position,
      r.number_of_frames, r.object_key, r.size_bytes, r.transfer_syntax_uid, r.encoding, r.sha256_received, r.sha256_stored,
      r.pixel_sha256, r.preamble::bytea, r.has_meta_header, r.header, r.frames, r.deviations, r.original_sop_instance_uid,
      ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${records}::jsonb) AS r(sop_instance_uid text, sop_class_uid text, instance_number int,
      slice_position float8, number_of_frames int, object_key text, size_bytes bigint, transfer_syntax_uid text, encoding text,
      sha256_received text, sha256_stored text, pixel_sha256 text, preamble text, has_meta_header boolean, header jsonb,
      frames jsonb, deviations jsonb, original_sop_instance_uid text)
    RETURNING id::text, sop_instance_uid`;
  return new Map(rows.map((row) => [row.sop_instance_uid, row.id]));
}

export async function insertAlternate(
  tx: Tx,
  known: { instanceId: string; seriesId: string; custodian: string },
  instance: IncomingInstance,
  differs: string[],
): Promise<void> {
  await unfoldSeries(tx, [known.seriesId]);
  await databaseOf(tx).instanceAlternate.create({
    data: {
      instanceId: known.instanceId,
      custodian: known.custodian,
      objectKey: instance.objectKey,
      sizeBytes: instance.sizeBytes,
      sha256Received: instance.sha256Received,
      sha256Stored: instance.sha256Stored,
      differs,
      ...(instance.preamble ? { preamble: Uint8Array.from(instance.preamble) } : {}),
      header: JSON.parse(jsonWithoutNul(instance.header)) as object,
      receivedAt: tx.now,
    },
    select: { id: true },
  });
}

/**
 * The newcomer takes the place of what was served under its UID. The old row is kept whole, under the id by which it was
 * served: whoever still shows it learns `gone`, and nothing that is cached by id can mix the two.
 *
 * @returns The id of the new version.
 */
export async function replaceInstance(
  tx: Tx,
  { instanceId, studyId }: { instanceId: string; studyId: string },
  { instance, reason }: { instance: IncomingInstance; reason: string },
): Promise<string> {
  const db = databaseOf(tx);
  await unfoldHolding(tx, studyId, [instanceId]);
  const [next] = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO instance_superseded (id, series_id, custodian, sop_instance_uid, sop_class_uid, instance_number, slice_position,
      number_of_frames, object_key, size_bytes, transfer_syntax_uid, encoding, sha256_received, sha256_stored, pixel_sha256,
      preamble, has_meta_header, header, frames, deviations, version, received_at, replaced_by, reason, superseded_by, superseded_at)
    SELECT id, series_id, custodian, sop_instance_uid, sop_class_uid, instance_number, slice_position,
      number_of_frames, object_key, size_bytes, transfer_syntax_uid, encoding, sha256_received, sha256_stored, pixel_sha256,
      preamble, has_meta_header, header, frames, deviations, version, received_at, uuidv7(), ${reason}, ${tx.actor.id}, ${tx.now}::timestamptz
    FROM instance WHERE id = ${instanceId}::uuid
    RETURNING replaced_by::text AS id`;
  if (!next) throw new Error("what is to be replaced is not there");
  const record = jsonWithoutNul([recordOf(instance)]);
  await db.$executeRaw`
    UPDATE instance i SET id = ${next.id}::uuid, version = i.version + 1, sop_class_uid = r.sop_class_uid,
      instance_number = r.instance_number, slice_position = r.slice_position, number_of_frames = r.number_of_frames,
      object_key = r.object_key, size_bytes = r.size_bytes, transfer_syntax_uid = r.transfer_syntax_uid, encoding = r.encoding,
      sha256_received = r.sha256_received, sha256_stored = r.sha256_stored, pixel_sha256 = r.pixel_sha256,
      preamble = r.preamble::bytea, has_meta_header = r.has_meta_header, header = r.header, frames = r.frames,
      deviations = r.deviations, received_at = ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${record}::jsonb) AS r(sop_class_uid text, instance_number int, slice_position float8,
      number_of_frames int, object_key text, size_bytes bigint, transfer_syntax_uid text, encoding text,
      sha256_received text, sha256_stored text, pixel_sha256 text, preamble text, has_meta_header boolean, header jsonb,
      frames jsonb, deviations jsonb)
    WHERE i.id = ${instanceId}::uuid`;
  await db.$executeRaw`
    UPDATE series SET version = version + 1 WHERE id = (SELECT series_id FROM instance WHERE id = ${next.id}::uuid)`;
  return next.id;
}

/** After new instances: the series is open again, and the study stands at the head of live lists. */
export async function noteArrival(
  tx: Tx,
  {
    series,
    study,
    sopInstanceUids,
  }: { series: SeriesRow; study: StudyRow; sopInstanceUids: readonly string[] },
  came: { modality: string; bodyPart: string | undefined },
): Promise<void> {
  // What a rejected or corrected series says of itself is not what its study says.
  if (study.servedVersion > 1) {
    const opened = Prisma.sql`, last_arrived_at = ${tx.now}::timestamptz, settled_at = NULL, version = version + 1`;
    await recount(tx, [series.id], opened);
    return refreshStudies(tx, [study.id]);
  }
  const modalities = [...new Set([...study.modalities, came.modality])].sort();
  const bodyParts = [...new Set([...study.bodyParts, ...(came.bodyPart ? [came.bodyPart] : [])])].sort();
  // Added to what is counted: to count again costs as much as the series is long, at each of its images.
  await databaseOf(tx).$executeRaw`
    WITH came AS (
      SELECT count(*)::int AS count, bit_xor(('x' || md5(uid))::bit(128)) AS digest
      FROM unnest(${[...sopInstanceUids]}::text[]) AS uid
    ), opened AS (
      UPDATE series SET instance_count = instance_count + came.count, last_arrived_at = ${tx.now}::timestamptz,
        instance_digest = coalesce(instance_digest # came.digest, came.digest), settled_at = NULL, version = version + 1
      FROM came WHERE series.id = ${series.id}::uuid
    )
    UPDATE study SET modalities = ${modalities}::text[], body_parts = ${bodyParts}::text[] WHERE id = ${study.id}::uuid`;
}

/** Counts and digest of what is served of each series, and how many came in it and are not. */
export const recountSeries = (tx: Tx, seriesIds: readonly string[]): Promise<void> =>
  recount(tx, seriesIds, Prisma.empty);

/** By two look-ups of an index each: an OR of the two would read the whole table at every arrival. */
async function recount(tx: Tx, seriesIds: readonly string[], also: Prisma.Sql): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE series SET instance_count = held.count, instance_digest = held.digest, set_aside_count = held.aside ${also}
    FROM (SELECT e.id,
        count(i.uid) FILTER (WHERE i.is_served)::int AS count,
        bit_xor(('x' || md5(i.uid))::bit(128)) FILTER (WHERE i.is_served) AS digest,
        count(i.uid) FILTER (WHERE i.is_aside)::int AS aside
      FROM unnest(${[...seriesIds]}::uuid[]) AS e(id)
      LEFT JOIN LATERAL (
        SELECT sop_instance_uid AS uid, rejected_at IS NULL AS is_served,
          rejected_at IS NOT NULL AND coalesce(original_series_id, e.id) = e.id AS is_aside
        FROM weald.instances_of(e.id)
        UNION ALL
        SELECT sop_instance_uid, false, true FROM instance WHERE original_series_id = e.id AND series_id <> e.id) i ON true
      GROUP BY e.id) held
    WHERE series.id = held.id`;
}

/** What the served series of a study say of it, after one was taken out or put back. Nothing left: in no list. */
export async function refreshStudies(tx: Tx, studyIds: readonly string[]): Promise<void> {
  await databaseOf(tx).$executeRaw`
    UPDATE study s SET
      modalities = ARRAY(SELECT DISTINCT e.modality FROM series e WHERE e.study_id = s.id AND ${isServedSeries(Prisma.raw("e"))} ORDER BY 1),
      body_parts = ARRAY(SELECT DISTINCT e.body_part FROM series e
        WHERE e.study_id = s.id AND e.body_part IS NOT NULL AND ${isServedSeries(Prisma.raw("e"))} ORDER BY 1)
    WHERE s.id = ANY (${[...studyIds]}::uuid[])`;
}

/** Shows a study in live lists as changed, without changing it. */
export async function touchStudies(tx: Tx, studyIds: readonly string[]): Promise<void> {
  if (studyIds.length === 0) return;
  await databaseOf(tx).study.updateMany({
    where: { id: { in: [...studyIds] } },
    data: { changedAt: tx.now },
  });
}
