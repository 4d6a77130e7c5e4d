import { type DicomJson, numbers, type PackedFrame, type StaysCode } from "@weald/dicom";
import type { ManifestRow, SeriesToPack } from "../study/index.ts";

/**
 * The manifest of a series: lines of JSON, so that it is written and read in bounded memory. A head, a line for each image in the
 * order of reading, and an end without which it is not whole.
 */
export const MANIFEST_TYPE = "application/x-ndjson";
const MANIFEST_FORMAT = "weald-manifest/1";

export type PackOf = { key: string; sizeBytes: number; sha256: string };

export function headLine(
  series: SeriesToPack,
  { packId, version, pack }: { packId: string; version: number; pack: PackOf | undefined },
): string {
  const { studyInstanceUid, seriesInstanceUid, modality, seriesVersion } = series;
  const head = { format: MANIFEST_FORMAT, packId, version, seriesVersion };
  return line({ ...head, studyInstanceUid, seriesInstanceUid, modality, pack: pack ?? null });
}

/** How an image's frames are had: in the pack, or from the original and why. */
export type Place = { frames: PackedFrame[] } | { stays: StaysCode };

export function instanceLine(row: ManifestRow, place: Place): string {
  const { id, header, objectKey, sizeBytes, transferSyntaxUid, encoding, hasMetaHeader, frames, ...rest } =
    row;
  const { sha256Received, sha256Stored, pixelSha256, numberOfFrames, sopInstanceUid, sopClassUid } = rest;
  const checksums = { sha256Received, sha256Stored, pixelSha256 };
  const original = {
    key: objectKey,
    sizeBytes: Number(sizeBytes),
    transferSyntaxUid,
    encoding,
    hasMetaHeader,
    frames,
  };
  return line({
    ...{ instanceId: id, sopInstanceUid, sopClassUid, numberOfFrames },
    ...{ original, checksums, packed: place, metadata: header },
  });
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const TOLERANCE = 1e-4;
const isNear = (one: readonly number[], other: readonly number[]) =>
  one.length === other.length && one.every((value, at) => Math.abs(value - (other[at] ?? 0)) <= TOLERANCE);

/** What all images of a series share of their place in the patient; undefined where they don't, or say nothing. */
type Shared = { orientation: number[] | undefined; pixelSpacing: number[] | undefined };

const placeIn = (header: DicomJson) => ({
  position: numbers(header, "00200032"),
  orientation: numbers(header, "00200037"),
  pixelSpacing: numbers(header, "00280030"),
});

const shared = (was: number[] | undefined, next: number[]) => (was && isNear(was, next) ? was : undefined);

/** Gathers the geometry of a frame of reference while the images go by. @see DICOM PS3.3 §C.7.6.2 (Image Plane) */
export function createGeometry(frameOfReferenceUid: string | null) {
  let count = 0;
  let all: Shared = { orientation: undefined, pixelSpacing: undefined };
  let [first, last]: [number[] | undefined, number[] | undefined] = [undefined, undefined];
  return {
    add(header: DicomJson): void {
      const { position, orientation, pixelSpacing } = placeIn(header);
      count += 1;
      all =
        count === 1
          ? { orientation, pixelSpacing }
          : {
              orientation: shared(all.orientation, orientation),
              pixelSpacing: shared(all.pixelSpacing, pixelSpacing),
            };
      if (position.length !== 3) return;
      first ??= position;
      last = position;
    },
    endLine(): string {
      const { orientation, pixelSpacing } = all;
      const geometry = {
        frameOfReferenceUid,
        orientation: orientation?.length === 6 ? orientation : null,
        pixelSpacing: pixelSpacing?.length === 2 ? pixelSpacing : null,
        firstPosition: first ?? null,
        lastPosition: last ?? null,
      };
      return line({ end: true, instances: count, geometry });
    },
  };
}
