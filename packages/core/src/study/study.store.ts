import type { DicomJson } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { CopyFacts } from "./judge-copy.ts";
import type { IncomingInstance, IncomingSeries, SeriesAttributes } from "./study.ts";

export type StudyRow = {
  id: string;
  patientRecordId: string;
  patientId: string;
  modalities: string[];
  bodyParts: string[];
};

const studyColumns = {
  id: true,
  patientRecordId: true,
  patientId: true,
  modalities: true,
  bodyParts: true,
} as const;

export async function findStudyByUid(
  tx: Tx,
  custodian: string,
  studyInstanceUid: string,
): Promise<StudyRow | undefined> {
  const where = { custodian_studyInstanceUid: { custodian, studyInstanceUid } };
  return (await databaseOf(tx).study.findUnique({ where, select: studyColumns })) ?? undefined;
}

/** A study that this custodian did not know. A concurrent maker is waited for by the unique key. */
export async function createStudy(tx: Tx, incoming: IncomingSeries): Promise<StudyRow> {
  const { studyInstanceUid, studyDate, ...rest } = incoming.study;
  return databaseOf(tx).study.create({
    data: {
      custodian: incoming.custodian,
      studyInstanceUid,
      storageId: incoming.storageId,
      patientRecordId: incoming.patientRecordId,
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

export type SeriesRow = { id: string; studyId: string };

export async function findOrCreateSeries(
  tx: Tx,
  custodian: string,
  studyId: string,
  series: SeriesAttributes,
): Promise<SeriesRow> {
  const db = databaseOf(tx);
  const select = { id: true, studyId: true } as const;
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

/** A Series Instance UID that this custodian holds below another study. */
export async function isSeriesOfAnotherStudy(tx: Tx, incoming: IncomingSeries): Promise<boolean> {
  const { custodian, series, study } = incoming;
  const known = await databaseOf(tx).series.findUnique({
    where: { custodian_seriesInstanceUid: { custodian, seriesInstanceUid: series.seriesInstanceUid } },
    select: { study: { select: { studyInstanceUid: true } } },
  });
  return known !== null && known.study.studyInstanceUid !== study.studyInstanceUid;
}

/** Writers of one study wait for each other: duplicates, alternates and counts are judged one after the other. */
export async function lockStudy(tx: Tx, custodian: string, studyInstanceUid: string): Promise<void> {
  await databaseOf(tx)
    .$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`study:${custodian}|${studyInstanceUid}`}, 0))::text`;
}

/** `alternates`: SHA-256 of other bytes that are held under this UID already, as alternates or as what was replaced. */
export type KnownCopy = { instanceId: string; studyId: string; facts: CopyFacts; alternates: string[] };

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

export async function findKnownCopies(
  tx: Tx,
  custodian: string,
  sopInstanceUids: readonly string[],
): Promise<Map<string, KnownCopy>> {
  const replaced = await findReplacedBytes(tx, custodian, sopInstanceUids);
  const rows = await databaseOf(tx).instance.findMany({
    where: { custodian, sopInstanceUid: { in: [...sopInstanceUids] } },
    select: {
      id: true,
      sopInstanceUid: true,
      sha256Received: true,
      pixelSha256: true,
      transferSyntaxUid: true,
      header: true,
      alternates: { select: { sha256Received: true } },
      series: {
        select: { seriesInstanceUid: true, studyId: true, study: { select: { studyInstanceUid: true } } },
      },
    },
  });
  return new Map(
    rows.map((row) => [
      row.sopInstanceUid,
      {
        instanceId: row.id,
        studyId: row.series.studyId,
        alternates: [
          ...row.alternates.map((alternate) => alternate.sha256Received),
          ...(replaced.get(row.sopInstanceUid) ?? []),
        ],
        facts: {
          sha256Received: row.sha256Received,
          pixelSha256: row.pixelSha256 ?? undefined,
          transferSyntaxUid: row.transferSyntaxUid,
          seriesInstanceUid: row.series.seriesInstanceUid,
          studyInstanceUid: row.series.study.studyInstanceUid,
          header: row.header as DicomJson,
        },
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
  known: { instanceId: string; custodian: string },
  instance: IncomingInstance,
  differs: string[],
): Promise<void> {
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
  instanceId: string,
  { instance, reason }: { instance: IncomingInstance; reason: string },
): Promise<string> {
  const db = databaseOf(tx);
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
  seriesId: string,
  study: StudyRow,
  came: { modality: string; bodyPart: string | undefined },
) {
  const db = databaseOf(tx);
  await db.$executeRaw`
    UPDATE series SET instance_count = held.count, instance_digest = held.digest, last_arrived_at = ${tx.now}::timestamptz,
      settled_at = NULL, version = version + 1
    FROM (SELECT count(*)::int AS count, bit_xor(('x' || md5(sop_instance_uid))::bit(128)) AS digest
          FROM instance WHERE series_id = ${seriesId}::uuid) held
    WHERE id = ${seriesId}::uuid`;
  const modalities = [...new Set([...study.modalities, came.modality])].sort();
  const bodyParts = [...new Set([...study.bodyParts, ...(came.bodyPart ? [came.bodyPart] : [])])].sort();
  await db.study.update({ where: { id: study.id }, data: { modalities, bodyParts }, select: { id: true } });
}

/** Shows a study in live lists as changed, without changing it. */
export async function touchStudies(tx: Tx, studyIds: readonly string[]): Promise<void> {
  if (studyIds.length === 0) return;
  await databaseOf(tx).study.updateMany({
    where: { id: { in: [...studyIds] } },
    data: { changedAt: tx.now },
  });
}
