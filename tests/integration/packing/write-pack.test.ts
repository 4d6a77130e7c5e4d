import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFileObjectStore } from "@weald/adapters/object-store/file";
import type { ObjectStore, ToPack } from "@weald/core/ports";
import { localDecoder } from "@weald/lambdas/decoder-build";
import { writePack } from "@weald/lambdas/packing/write-pack";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decoded, pixelsOf, SIDE } from "./packed.ts";

const us = (value: number) => ({ vr: "US", Value: [value] });
const image: ToPack = {
  ...{ instanceId: "i1", objectKey: "image", encoding: "plain", transferSyntaxUid: "1.2.840.10008.1.2.1" },
  ...{ numberOfFrames: 1, frames: [{ offset: 0, length: SIDE * SIDE * 2 }] },
  header: {
    ...{ "00280002": us(1), "00280004": { vr: "CS", Value: ["MONOCHROME2"] }, "00280010": us(SIDE) },
    ...{ "00280011": us(SIDE), "00280100": us(16), "00280101": us(12), "00280102": us(11) },
    "00280103": us(0),
  },
};

/** The same bytes but for one. */
async function* withOneOther(body: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  let isDone = false;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    const other = Uint8Array.from(chunk);
    if (!isDone) other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    isDone = true;
    yield other;
  }
}

describe("a pack that is written", () => {
  const root = mkdtempSync(path.join(tmpdir(), "weald-write-pack-"));
  const archive = createFileObjectStore({
    ...{
      root,
      bucket: "archive",
      publicUrl: "http://store.test.invalid",
      secret: "x".repeat(32),
      fsync: true,
    },
  });
  beforeAll(async () => {
    vi.stubEnv("WEALD_DECODER", await localDecoder());
    await archive.put("image", pixelsOf(1), { contentType: "application/dicom" });
  }, 60_000);
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  it("is read again, and holds the frame as it was", async () => {
    const { instances, sizeBytes } = await writePack(archive, [image], "pack");
    const [one] = instances;
    if (!one || !("frames" in one)) throw new Error("it is in no pack");
    const chunks: Uint8Array[] = [];
    for await (const chunk of await archive.read("pack", one.frames[0])) chunks.push(chunk);
    expect(sizeBytes).toBe(one.frames[0]?.length);
    expect(Buffer.compare(await decoded(Buffer.concat(chunks)), pixelsOf(1))).toBe(0);
  });

  it("is none where the archive holds other bytes than were written: PACK_DIFFERS", async () => {
    const careless: ObjectStore = {
      ...archive,
      put: (key, body, options) => archive.put(key, withOneOther(body), options),
    };
    await expect(writePack(careless, [image], "pack-2")).rejects.toMatchObject({ code: "PACK_DIFFERS" });
  });
});
