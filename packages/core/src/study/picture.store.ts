import { Prisma } from "@weald/db";
import type { DicomJson, FrameLocator } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";
import type { Drawable, Drawn } from "../ports/index.ts";
import { isServedInstance, isServedSeries, isServedStudy } from "./served.store.ts";

const [s, e, i] = [Prisma.raw("s"), Prisma.raw("e"), Prisma.raw("i")];

/** To be drawn, or drawn anew: what settles may have another image in its middle. */
export async function markPicturesDue(tx: Tx, seriesIds: readonly string[]): Promise<void> {
  await databaseOf(tx).$executeRaw`
    INSERT INTO series_picture (series_id, custodian, due_at)
    SELECT id, custodian, ${tx.now}::timestamptz FROM series WHERE id = ANY (${[...seriesIds]}::uuid[])
    ON CONFLICT (series_id) DO UPDATE SET due_at = excluded.due_at`;
}

export type DuePicture = {
  seriesId: string;
  seriesInstanceUid: string;
  studyStorageId: string;
  dueAt: Date;
  instanceId: string | undefined;
  /** `undefined`: the series holds no image, or one whose header is too long to hand on. */
  drawable: Drawable | undefined;
};

type Raw = {
  seriesId: string;
  seriesInstanceUid: string;
  studyStorageId: string;
  dueAt: Date;
  instanceId: string | null;
  objectKey: string;
  encoding: string;
  transferSyntaxUid: string;
  numberOfFrames: number;
  frameNumber: number;
  frame: FrameLocator | null;
  firstFrame: FrameLocator | null;
  header: DicomJson | null;
};

/** What is handed to the function that draws fits into one call. */
const MOST_HEADER = 1_000_000;
const PER_FRAME = "52009230";

/** Of an enhanced object's per-frame groups, those of the frame alone. */
function headerFor(header: DicomJson, frameNumber: number): DicomJson {
  const groups = header[PER_FRAME];
  if (!groups) return header;
  return { ...header, [PER_FRAME]: { vr: "SQ", Value: [groups.Value?.[frameNumber - 1] ?? {}] } };
}

function drawableOf(row: Raw): Drawable | undefined {
  const { frame, firstFrame, header, frameNumber, objectKey, transferSyntaxUid, numberOfFrames } = row;
  if (!frame || !firstFrame || !header) return undefined;
  return {
    objectKey,
    encoding: row.encoding === "deflate" ? "deflate" : "plain",
    transferSyntaxUid,
    numberOfFrames,
    frameNumber,
    frame,
    pixelsOffset: firstFrame.offset,
    header: headerFor(header, frameNumber),
  };
}

/** The image in the middle of each series whose picture is due, the longest due first; of many frames the middle one. */
export async function findDuePictures(
  tx: Tx,
  after: { dueAt: Date; seriesId: string } | undefined,
  limit: number,
): Promise<DuePicture[]> {
  const behind = after
    ? Prisma.sql`AND (p.due_at, p.series_id) > (${after.dueAt}::timestamptz, ${after.seriesId}::uuid)`
    : Prisma.empty;
  const rows = await databaseOf(tx).$queryRaw<Raw[]>`
    SELECT e.id::text AS "seriesId", e.series_instance_uid AS "seriesInstanceUid", s.storage_id AS "studyStorageId", p.due_at AS "dueAt",
      m.id::text AS "instanceId", m.object_key AS "objectKey", m.encoding, m.transfer_syntax_uid AS "transferSyntaxUid",
      m.number_of_frames AS "numberOfFrames", m.number_of_frames / 2 + 1 AS "frameNumber",
      m.frames->(m.number_of_frames / 2) AS frame, m.frames->0 AS "firstFrame",
      CASE WHEN pg_column_size(m.header) <= ${MOST_HEADER} THEN m.header END AS header
    FROM series_picture p JOIN series e ON e.id = p.series_id JOIN study s ON s.id = e.study_id
    LEFT JOIN LATERAL (
      SELECT i.*, row_number() OVER (ORDER BY i.instance_number NULLS LAST, i.id) AS at, count(*) OVER () AS count
      FROM weald.instances_of(e.id) i WHERE i.number_of_frames > 0 AND ${isServedInstance(i)}) m ON m.at = m.count / 2 + 1
    WHERE p.due_at IS NOT NULL AND ${isServedStudy(s)} AND ${isServedSeries(e)} ${behind}
    ORDER BY p.due_at, p.series_id LIMIT ${limit}`;
  return rows.map((row) => ({
    seriesId: row.seriesId,
    seriesInstanceUid: row.seriesInstanceUid,
    studyStorageId: row.studyStorageId,
    dueAt: row.dueAt,
    instanceId: row.instanceId ?? undefined,
    drawable: drawableOf(row),
  }));
}

export type KeptPicture = {
  seriesId: string;
  dueAt: Date;
  instanceId: string | undefined;
  objectKey: string | undefined;
  drawn: Drawn | { failed: "no-image" };
};

/** What became of a picture. One that became due again meanwhile stays due. */
export async function writePicture(tx: Tx, kept: KeptPicture): Promise<void> {
  const { seriesId, dueAt, instanceId, objectKey, drawn } = kept;
  const isDrawn = "sizeBytes" in drawn;
  await databaseOf(tx).$executeRaw`
    UPDATE series_picture SET instance_id = ${instanceId ?? null}::uuid, object_key = ${isDrawn ? (objectKey ?? null) : null},
      size_bytes = ${isDrawn ? drawn.sizeBytes : null}::int, failed = ${isDrawn ? null : drawn.failed},
      drawn_at = ${tx.now}::timestamptz, due_at = CASE WHEN due_at > ${dueAt}::timestamptz THEN due_at END
    WHERE series_id = ${seriesId}::uuid`;
}
