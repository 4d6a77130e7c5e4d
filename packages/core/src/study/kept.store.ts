import { Prisma } from "@weald/db";
import type { DicomJson, FrameLocator } from "@weald/dicom";
import { databaseOf, type Tx } from "../kernel/tx.ts";

/** What stands here under a UID that came again. */
export type Kept = {
  instanceId: string;
  version: number;
  sopInstanceUid: string;
  sopClassUid: string;
  seriesInstanceUid: string;
  studyId: string;
  studyInstanceUid: string;
  sha256Received: string;
  pixelSha256: string | undefined;
  transferSyntaxUid: string;
  encoding: "plain" | "deflate";
  sizeBytes: number;
  frames: FrameLocator[];
  header: DicomJson;
};

export type KnownUids = { studyInstanceUid: string; seriesInstanceUid: string; sopInstanceUid: string };

type Raw = Omit<Kept, "pixelSha256" | "sizeBytes" | "encoding"> & {
  pixelSha256: string | null;
  sizeBytes: bigint;
  encoding: string;
};

/** By SOP Instance UID; else the first object of the known series; else of the known study. */
export async function findKept(tx: Tx, custodian: string, uids: KnownUids): Promise<Kept | undefined> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = uids;
  const places = [
    Prisma.sql`weald.instances_named(${custodian}, ARRAY[${sopInstanceUid}]) i JOIN series e ON e.id = i.series_id
      JOIN study s ON s.id = e.study_id`,
    Prisma.sql`series e CROSS JOIN LATERAL weald.instances_of(e.id) i JOIN study s ON s.id = e.study_id WHERE e.custodian = ${custodian} AND e.series_instance_uid = ${seriesInstanceUid}`,
    Prisma.sql`study s JOIN series e ON e.study_id = s.id CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE s.custodian = ${custodian} AND s.study_instance_uid = ${studyInstanceUid}`,
  ];
  for (const place of places) {
    const [row] = await databaseOf(tx).$queryRaw<Raw[]>`
      SELECT i.id::text AS "instanceId", i.version, i.sop_instance_uid AS "sopInstanceUid", i.sop_class_uid AS "sopClassUid",
        i.sha256_received AS "sha256Received", i.pixel_sha256 AS "pixelSha256", i.transfer_syntax_uid AS "transferSyntaxUid",
        i.encoding, i.size_bytes AS "sizeBytes", i.frames, i.header, e.series_instance_uid AS "seriesInstanceUid",
        s.id::text AS "studyId", s.study_instance_uid AS "studyInstanceUid"
      FROM ${place} ORDER BY i.instance_number NULLS LAST, i.id LIMIT 1`;
    if (!row) continue;
    return {
      ...row,
      pixelSha256: row.pixelSha256 ?? undefined,
      encoding: row.encoding === "deflate" ? "deflate" : "plain",
      sizeBytes: Number(row.sizeBytes),
    };
  }
  return undefined;
}
