import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import type { ToPack } from "@weald/core/ports";
import { DicomError, type Part10Object, readPart10, text } from "@weald/dicom";
import { localDecoder } from "@weald/lambdas/decoder-build";
import { writePack } from "@weald/lambdas/packing/write-pack";

export const REAL = path.resolve(import.meta.dirname, "../../shared/dicom");
/** Folders with slices of one series, as scanners made them. */
const FOLDERS = [
  "ct/abdomen",
  "ct/phantom-tilt",
  "regional/ct-multi",
  "regional/pet-ct",
  "mr/structural",
  "regional/mr-multi",
];
const UNCOMPRESSED = new Set(["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"]);
const FEWEST = 5;

async function imageOf(bytes: Uint8Array): Promise<Part10Object | undefined> {
  try {
    return await readPart10(
      (async function* () {
        yield bytes;
      })(),
    );
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

type Series = {
  modality: string;
  maker: string;
  kernel: string;
  images: { bytes: Uint8Array; read: Part10Object }[];
};

export async function seriesIn(folder: string): Promise<Series[]> {
  const found = new Map<string, Series>();
  for (const file of readdirSync(path.join(REAL, folder))) {
    const bytes = readFileSync(path.join(REAL, folder, file));
    const read = await imageOf(bytes);
    if (!read?.pixelData || !UNCOMPRESSED.has(read.transferSyntaxUid)) continue;
    const [modality = "", maker = "", kernel = ""] = ["00080060", "00080070", "00181210"].map((tag) =>
      text(read.dataset, tag),
    );
    const of = text(read.dataset, "0020000E") ?? "";
    const series = found.get(of) ?? { modality, maker, kernel, images: [] };
    series.images.push({ bytes, read });
    found.set(of, series);
  }
  return [...found.values()].filter(({ images }) => images.length >= FEWEST);
}

/** What packing leaves of the pixels of real scanners' series: ../shared/dicom, where it is. */
export async function packsReal() {
  if (!existsSync(REAL)) return { leftOut: "../shared/dicom isn't there" };
  const root = mkdtempSync(path.join(tmpdir(), "weald-bench-real-"));
  process.env.WEALD_DECODER = await localDecoder();
  const archive = createFileObjectStore({
    ...{ root, bucket: "archive", publicUrl: "http://bench.test.invalid" },
    ...{ secret: "x".repeat(32), fsync: false },
  });
  let made = 0;
  async function packed({ images, ...series }: Series, folder: string) {
    const toPack: ToPack[] = [];
    let bytes = 0;
    for (const { bytes: file, read } of images) {
      made += 1;
      const { transferSyntaxUid, pixelData, dataset: header } = read;
      const { numberOfFrames = 0, frames = [] } = pixelData ?? {};
      const objectKey = `image/${made}`;
      await archive.put(objectKey, file, { contentType: "application/dicom" });
      toPack.push({
        instanceId: `i${made}`,
        objectKey,
        encoding: "plain",
        transferSyntaxUid,
        numberOfFrames,
        frames,
        header,
      });
      bytes += frames.reduce((sum, { length }) => sum + length, 0);
    }
    const pack = await writePack(archive, toPack, `pack/${made}`);
    return {
      ...{ folder, ...series, images: images.length },
      bytesOfOriginal: Number((pack.sizeBytes / bytes).toFixed(3)),
      isAllPacked: pack.instances.every((one) => "frames" in one),
    };
  }
  try {
    const results: Awaited<ReturnType<typeof packed>>[] = [];
    for (const folder of FOLDERS)
      for (const series of await seriesIn(folder)) results.push(await packed(series, folder));
    return results;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
