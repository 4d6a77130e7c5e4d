import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { OpenStores } from "./harness.ts";

const MB = 1024 * 1024;
const SIZE_MB = Number(process.env.WEALD_BIG_OBJECT_MB ?? "160");
const LOOK_EVERY_MB = 16;
/** Two parts of 16 MB on their way and one being filled, each perhaps twice. */
const MOST_HELD_MB = 100;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** The most bytes that buffers truly hold over what they held at first: garbage is collected before each look. */
function memoryWatch() {
  const held = () => {
    collect();
    return process.memoryUsage().arrayBuffers / MB;
  };
  const before = held();
  let most = 0;
  let passedMb = 0;
  return {
    passed(bytes: number): void {
      const lastLook = Math.floor(passedMb / LOOK_EVERY_MB);
      passedMb += bytes / MB;
      if (Math.floor(passedMb / LOOK_EVERY_MB) > lastLook) most = Math.max(most, held() - before);
    },
    mostMb: () => Math.max(most, held() - before),
  };
}
type MemoryWatch = ReturnType<typeof memoryWatch>;

async function* stream(hash: { update(bytes: Uint8Array): unknown }, memory: MemoryWatch) {
  for (let at = 0; at < SIZE_MB; at += 1) {
    const chunk = Buffer.alloc(MB, at);
    chunk.writeUInt32BE((at * 2_654_435_761) % 2 ** 32);
    hash.update(chunk);
    memory.passed(chunk.length);
    yield chunk;
  }
}

export function holdsBigObjects(stores: () => OpenStores): void {
  describe(`streams an object of ${SIZE_MB} MB`, () => {
    const key = "big/object";
    const sent = createHash("sha256");
    const contentType = "application/dicom";

    it("in, in bounded memory", async () => {
      const memory = memoryWatch();
      const options = { contentType, sizeBytes: SIZE_MB * MB, ifAbsent: true };
      const object = await stores().inbox.put(key, stream(sent, memory), options);
      expect(object.sizeBytes).toBe(SIZE_MB * MB);
      expect(memory.mostMb()).toBeLessThan(MOST_HELD_MB);
    }, 180_000);

    it("to the archive, without its bytes passing through us", async () => {
      const { inbox, archive } = stores();
      const memory = memoryWatch();
      const copy = await archive.copyFrom(inbox, key, key, { contentType, ifAbsent: true });
      expect(copy.sizeBytes).toBe(SIZE_MB * MB);
      expect(memory.mostMb()).toBeLessThan(8);
    }, 180_000);

    it("out, in bounded memory, bit for bit", async () => {
      const received = createHash("sha256");
      const memory = memoryWatch();
      for await (const chunk of await stores().archive.read(key)) {
        received.update(chunk);
        memory.passed(chunk.length);
      }
      expect(received.digest("hex")).toBe(sent.digest("hex"));
      expect(memory.mostMb()).toBeLessThan(MOST_HELD_MB);
    }, 180_000);
  });
}
