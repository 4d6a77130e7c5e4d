import { randomBytes, randomUUID } from "node:crypto";
import type { ObjectStore } from "@weald/core/ports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, textOf } from "./ask.ts";
import { holdsBigObjects } from "./big-objects.ts";
import type { OpenStores } from "./harness.ts";
import { signsReading } from "./signed-get.ts";
import { signsWriting } from "./signed-put.ts";

const DICOM = { contentType: "application/dicom" };
const LITTLE = Buffer.from("bytes of a study");

/** Keys that file systems, URLs or XML read otherwise, in the order of their UTF-8 bytes. */
const ODD_KEYS = [
  "odd/ leads with a space",
  "odd/%2e%2e/a",
  "odd/%zz",
  "odd/+ & ?#=;:@,$",
  "odd/...",
  "odd/.hidden",
  "odd/A",
  "odd/a",
  "odd/a b",
  "odd/a-b",
  "odd/a.b",
  "odd/a.~o",
  "odd/a/b",
  "odd/a/b/c",
  "odd/a0",
  `odd/${"long".repeat(200)}`,
  "odd/tilde~*!'()",
  "odd/Ærø",
  "odd/é",
  "odd/木",
  "odd/\u{1f9b4}",
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const INVALID_KEYS = [
  "",
  "/a",
  "a/",
  "a//b",
  "../a",
  "a/../../b",
  "a/./b",
  "..",
  "a\u0000b",
  "a\nb",
  "a\u007fb",
  "a\ud800b",
  "x".repeat(1025),
  "木".repeat(342),
];

async function keysOf(objects: AsyncIterable<{ key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects) keys.push(key);
  return keys;
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* breaksAfter(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error("the sender went away");
}

const fresh = (under: string) => `${under}/${randomUUID()}`;
const isRefusedWith = (code: string) => expect.objectContaining({ code });

/** What every object store must do (packages/core/src/ports/object-store.ts). Run on each adapter. */
export function objectStoreContract(adapter: string, open: () => Promise<OpenStores>): void {
  describe(`an object store on ${adapter}`, () => {
    let stores: OpenStores;
    let store: ObjectStore;
    beforeAll(async () => {
      stores = await open();
      store = stores.archive;
    });
    afterAll(() => stores?.stop());

    async function put(key: string, bytes: Uint8Array = LITTLE): Promise<string> {
      await store.put(key, bytes, DICOM);
      return key;
    }
    const readAll = async (key: string) => bytesOf(await store.read(key));

    describe("keeps whole objects", () => {
      it("gives back what was put, with its size and type", async () => {
        const key = fresh("whole");
        const bytes = randomBytes(700_001);
        const given = await store.put(key, inPieces(bytes, 65_536), { ...DICOM, sizeBytes: bytes.length });
        expect(given).toMatchObject({ key, sizeBytes: bytes.length, contentType: "application/dicom" });
        expect(await store.head(key)).toEqual(given);
        expect((await readAll(key)).equals(bytes)).toBe(true);
      });

      it("keeps an object of no bytes", async () => {
        const key = await put(fresh("empty"), new Uint8Array());
        expect(await store.head(key)).toMatchObject({ sizeBytes: 0 });
        expect(await readAll(key)).toHaveLength(0);
      });

      it("knows nothing of an object that was never put", async () => {
        expect(await store.head(fresh("absent"))).toBeUndefined();
        await expect(store.read(fresh("absent"))).rejects.toEqual(isRefusedWith("OBJECT_NOT_FOUND"));
      });

      it("writes nothing of a body that broke off", async () => {
        const key = fresh("broken");
        await expect(store.put(key, breaksAfter(randomBytes(100_000)), DICOM)).rejects.toThrow();
        expect(await store.head(key)).toBeUndefined();
        await put(key);
        expect(await textOf(await store.read(key))).toBe(LITTLE.toString());
      });

      it.each([-1, 1])("writes nothing of a body that is %i byte off the size that was said", async (off) => {
        const key = fresh("short");
        const bytes = randomBytes(100_000);
        const options = { ...DICOM, sizeBytes: bytes.length + off };
        await expect(store.put(key, inPieces(bytes, 9_999), options)).rejects.toEqual(
          isRefusedWith("STORE_UNAVAILABLE"),
        );
        await expect(store.put(key, bytes, options)).rejects.toEqual(isRefusedWith("STORE_UNAVAILABLE"));
        expect(await store.head(key)).toBeUndefined();
      });

      it("shows a reader the old object or the new one, never a mixture", async () => {
        const key = await put(fresh("replaced"), Buffer.alloc(300_000, 255));
        const writing = (async () => {
          for (let value = 0; value < 12; value += 1) await put(key, Buffer.alloc(300_000, value));
          return "done" as const;
        })();
        let isDone = false;
        void writing.then(() => {
          isDone = true;
        });
        let reads = 0;
        while (!isDone) {
          const bytes = await readAll(key);
          reads += 1;
          expect(bytes.equals(Buffer.alloc(300_000, bytes[0]))).toBe(true);
        }
        expect(await writing).toBe("done");
        expect(reads).toBeGreaterThan(0);
        expect((await readAll(key))[0]).toBe(11);
      });
    });

    describe("writes a key once where that is asked", () => {
      const once = { ...DICOM, ifAbsent: true };

      it("refuses the second, and the first stands", async () => {
        const key = fresh("once");
        await store.put(key, LITTLE, once);
        await expect(store.put(key, Buffer.from("other"), once)).rejects.toEqual(
          isRefusedWith("OBJECT_EXISTS"),
        );
        await expect(store.put(key, inPieces(LITTLE, 3), once)).rejects.toEqual(
          isRefusedWith("OBJECT_EXISTS"),
        );
        expect(await textOf(await store.read(key))).toBe(LITTLE.toString());
      });

      it("lets one of eight at a time win, and keeps the winner's bytes", async () => {
        const key = fresh("race");
        const tries = await Promise.allSettled(
          Array.from({ length: 8 }, (_, value) => store.put(key, Buffer.alloc(50_000, value), once)),
        );
        const winners = tries.flatMap(({ status }, value) => (status === "fulfilled" ? [value] : []));
        expect(winners).toHaveLength(1);
        expect((await readAll(key)).equals(Buffer.alloc(50_000, winners[0]))).toBe(true);
        for (const tried of tries)
          if (tried.status === "rejected") expect(tried.reason).toEqual(isRefusedWith("OBJECT_EXISTS"));
      });
    });

    describe("reads ranges", () => {
      const bytes = randomBytes(10_000);
      let key = "";
      beforeAll(async () => {
        key = await put(fresh("ranges"), bytes);
      });

      it.each([
        ["from the start", 0, 100],
        ["in the middle", 4_321, 1_234],
        ["of the last byte", 9_999, 1],
        ["of no bytes", 5, 0],
        ["over the end", 9_990, 100],
        ["past the end", 20_000, 10],
        ["of the whole", 0, 10_000],
      ])("%s", async (_name, offset, length) => {
        const read = await bytesOf(await store.read(key, { offset, length }));
        expect(read.equals(bytes.subarray(offset, offset + length))).toBe(true);
      });

      it("of nothing that is there", async () => {
        for (const length of [0, 10])
          await expect(store.read(fresh("absent"), { offset: 0, length })).rejects.toEqual(
            isRefusedWith("OBJECT_NOT_FOUND"),
          );
      });
    });

    describe("copies between its buckets", () => {
      it("the bytes are the same, the type is the one that was given, and the copy outlives the original", async () => {
        const [from, to] = [fresh("copied + é"), fresh("copies")];
        const bytes = randomBytes(123_456);
        await stores.inbox.put(from, bytes, { contentType: "application/octet-stream" });
        const copy = await store.copyFrom(stores.inbox, from, to, DICOM);
        expect(copy).toMatchObject({ key: to, sizeBytes: bytes.length, contentType: "application/dicom" });
        await stores.inbox.delete(from);
        expect((await readAll(to)).equals(bytes)).toBe(true);
      });

      it("refuses a source that isn't there, and a target that is", async () => {
        const key = await put(fresh("target"));
        const once = { ...DICOM, ifAbsent: true };
        await expect(store.copyFrom(stores.inbox, fresh("absent"), fresh("copies"), once)).rejects.toEqual(
          isRefusedWith("OBJECT_NOT_FOUND"),
        );
        const source = fresh("source");
        await stores.inbox.put(source, Buffer.from("other"), DICOM);
        await expect(store.copyFrom(stores.inbox, source, key, once)).rejects.toEqual(
          isRefusedWith("OBJECT_EXISTS"),
        );
        expect(await textOf(await store.read(key))).toBe(LITTLE.toString());
      });
    });

    describe("deletes", () => {
      it("what is there, what was there and what never was; and nothing beside it", async () => {
        const key = await put(fresh("deleted"));
        const below = await put(`${key}/below`);
        await store.delete(key);
        await store.delete(key);
        await store.delete(fresh("never"));
        expect(await store.head(key)).toBeUndefined();
        await expect(store.read(key)).rejects.toEqual(isRefusedWith("OBJECT_NOT_FOUND"));
        expect(await keysOf(store.list(key))).toEqual([below]);
        await put(key);
        expect(await textOf(await store.read(key))).toBe(LITTLE.toString());
      });
    });

    describe("lists", () => {
      beforeAll(async () => {
        for (const key of ODD_KEYS) await put(key, Buffer.from(key));
      });

      it("in the order of the keys' bytes, whatever the keys", async () => {
        expect(await keysOf(store.list("odd/"))).toEqual(ODD_KEYS);
        for (const key of ODD_KEYS) expect(await textOf(await store.read(key))).toBe(key);
      });

      it("only what begins with the prefix, also within a segment", async () => {
        expect(await keysOf(store.list("odd/a"))).toEqual(ODD_KEYS.filter((key) => key.startsWith("odd/a")));
        expect(await keysOf(store.list("odd/a/"))).toEqual(["odd/a/b", "odd/a/b/c"]);
        expect(await keysOf(store.list("odd/none"))).toEqual([]);
      });

      it("on from a key, which is not in it, and no more than was asked", async () => {
        const [second = ""] = ODD_KEYS.slice(1);
        expect(await keysOf(store.list("odd/", { after: second, limit: 3 }))).toEqual(ODD_KEYS.slice(2, 5));
        expect(await keysOf(store.list("odd/", { limit: 0 }))).toEqual([]);
      });

      it("more than one page of a store holds", async () => {
        const keys = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(5, "0")}`);
        const left = [...keys];
        const worker = async () => {
          for (let key = left.pop(); key !== undefined; key = left.pop()) await put(key);
        };
        await Promise.all(Array.from({ length: 16 }, worker));
        expect(await keysOf(store.list("many/"))).toEqual(keys);
        expect(await keysOf(store.list("many/", { limit: 1_020 }))).toEqual(keys.slice(0, 1_020));
      });

      it("sizes and times that are those of the objects", async () => {
        for await (const object of store.list("odd/a.b")) {
          expect(object.sizeBytes).toBe(Buffer.byteLength(object.key));
          expect(Math.abs(object.modifiedAt.getTime() - Date.now())).toBeLessThan(120_000);
        }
      });
    });

    describe("refuses a key that climbs or that a URL would not carry", () => {
      it.each(INVALID_KEYS.map((key) => [JSON.stringify(key).slice(0, 30), key] as const))(
        "%s",
        async (_shown, key) => {
          const refused = isRefusedWith("KEY_INVALID");
          const window = { from: new Date(), until: new Date(Date.now() + 60_000) };
          await expect(store.put(key, LITTLE, DICOM)).rejects.toEqual(refused);
          await expect(store.head(key)).rejects.toEqual(refused);
          await expect(store.read(key)).rejects.toEqual(refused);
          await expect(store.delete(key)).rejects.toEqual(refused);
          await expect(store.copyFrom(stores.inbox, "a", key, DICOM)).rejects.toEqual(refused);
          await expect(store.copyFrom(stores.inbox, key, "a", DICOM)).rejects.toEqual(refused);
          await expect(store.signGet(key, window)).rejects.toEqual(refused);
          await expect(
            store.signPut(key, { until: window.until, sizeBytes: 1, contentType: "application/dicom" }),
          ).rejects.toEqual(refused);
        },
      );
    });

    signsReading(() => stores, ODD_KEYS);
    signsWriting(() => stores);
    holdsBigObjects(() => stores);
  });
}
