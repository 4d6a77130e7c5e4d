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

const columns = {
  id: true,
  version: true,
  sopInstanceUid: true,
  sopClassUid: true,
  sha256Received: true,
  pixelSha256: true,
  transferSyntaxUid: true,
  encoding: true,
  sizeBytes: true,
  frames: true,
  header: true,
  series: {
    select: { seriesInstanceUid: true, study: { select: { id: true, studyInstanceUid: true } } },
  },
} as const;

/** By SOP Instance UID; else the first object of the known series; else of the known study. */
export async function findKept(tx: Tx, custodian: string, uids: KnownUids): Promise<Kept | undefined> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = uids;
  const places = [
    { custodian, sopInstanceUid },
    { custodian, series: { seriesInstanceUid } },
    { custodian, series: { study: { studyInstanceUid } } },
  ];
  for (const where of places) {
    const row = await databaseOf(tx).instance.findFirst({
      where,
      select: columns,
      orderBy: [{ instanceNumber: { sort: "asc", nulls: "last" } }, { id: "asc" }],
    });
    if (!row) continue;
    const { id, series, ...rest } = row;
    return {
      ...rest,
      instanceId: id,
      seriesInstanceUid: series.seriesInstanceUid,
      studyId: series.study.id,
      studyInstanceUid: series.study.studyInstanceUid,
      pixelSha256: row.pixelSha256 ?? undefined,
      encoding: row.encoding === "deflate" ? "deflate" : "plain",
      sizeBytes: Number(row.sizeBytes),
      frames: row.frames as unknown as FrameLocator[],
      header: row.header as DicomJson,
    };
  }
  return undefined;
}
