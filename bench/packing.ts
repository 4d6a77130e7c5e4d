import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import type { ObjectStore, ToPack } from "@weald/core/ports";
import { chance } from "@weald/dev-env/phantoms";
import { localDecoder } from "@weald/lambdas/decoder-build";
import { writePack } from "@weald/lambdas/packing/write-pack";

const SIDE = 512;
const FRAME_BYTES = SIDE * SIDE * 2;
const FRAMES = 2000;
/** So many different images are enough: nothing is kept of one for the next. */
const IMAGES = 20;
const MB = 1024 * 1024;

const us = (value: number) => ({ vr: "US", Value: [value] });
const HEADER = {
  "00280002": us(1),
  "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
  "00280010": us(SIDE),
  "00280011": us(SIDE),
  "00280100": us(16),
  "00280101": us(16),
  "00280102": us(15),
  "00280103": { vr: "US", Value: [1] },
};

/** A body of CT's values in air, with organs, edges and a scanner's noise of some 20 HU. */
function ctLike(number: number): Uint8Array {
  const random = chance(number);
  const values = new Int16Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1)
    for (let column = 0; column < SIDE; column += 1) {
      const [x, y] = [(column - 256) / 200, (row - 256) / 150];
      const isBody = x * x + y * y < 1;
      const organ = Math.hypot(x - 0.4, y - 0.1 * (number % 7)) < 0.3 ? -700 : 40;
      const noise = (random() + random() + random() + random() - 2) * 35;
      values[row * SIDE + column] = Math.round((isBody ? organ : -1000) + (isBody ? noise : noise / 4));
    }
  return new Uint8Array(values.buffer);
}

async function imagesIn(archive: ObjectStore): Promise<ToPack[]> {
  for (let number = 0; number < IMAGES; number += 1)
    await archive.put(`image/${number}`, ctLike(number), { contentType: "application/dicom" });
  return Array.from({ length: FRAMES }, (_, index) => ({
    instanceId: `i${index}`,
    objectKey: `image/${index % IMAGES}`,
    encoding: "plain",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    numberOfFrames: 1,
    frames: [{ offset: 0, length: FRAME_BYTES }],
    header: HEADER,
  }));
}

/** The most memory that this process and its decoder's threads had, in MB, over what they had before. */
function watchMemory() {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  return () => {
    clearInterval(timer);
    return { beforeMb: Math.round(before / MB), mostMb: Math.round(most / MB) };
  };
}

/** How fast frames are unpacked, packed, unpacked again, compared, written and read back; and in how much memory. */
export async function packing() {
  const root = mkdtempSync(path.join(tmpdir(), "weald-bench-packing-"));
  process.env.WEALD_DECODER = await localDecoder();
  const archive = createFileObjectStore({
    ...{
      root,
      bucket: "archive",
      publicUrl: "http://bench.test.invalid",
      secret: "x".repeat(32),
      fsync: true,
    },
  });
  try {
    const images = await imagesIn(archive);
    await writePack(archive, images.slice(0, 20), "warm");
    const memory = watchMemory();
    const from = performance.now();
    const packed = await writePack(archive, images, "pack");
    const seconds = (performance.now() - from) / 1000;
    return {
      frames: FRAMES,
      framesPerSecond: Math.round(FRAMES / seconds),
      goalFramesPerSecond: 100,
      bytesOfOriginal: Number((packed.sizeBytes / (FRAMES * FRAME_BYTES)).toFixed(3)),
      memory: memory(),
      isAllPacked: packed.instances.every((one) => "frames" in one),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
