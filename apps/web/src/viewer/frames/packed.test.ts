import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PackedFrame, SignedObject } from "../contract.ts";
import { previewsOf, runsOf } from "./previews.ts";
import { readEncoded } from "./read-encoded.ts";
import { readPacked } from "./read-packed.ts";
import { keepReduced, onReduced, reducedOf } from "./reduced.ts";
import { framesOf, type Registered, register } from "./registry.ts";
import { sampleInstance } from "./sample-instance.ts";
import { libraryOf } from "./series-library.ts";
import { type SourceBook, sourceBook } from "./url-book.ts";

const signal = new AbortController().signal;
const until = new Date(Date.now() + 60_000).toISOString();
const bookOf = (signPacks: (ids: string[]) => Promise<SignedObject[]>): SourceBook =>
  sourceBook({
    instances: async () => ({ instances: [] }),
    sign: async () => [],
    displayed: async () => {},
    signPacks,
  });
const signed = async (ids: string[]): Promise<SignedObject[]> =>
  ids.map((instanceId) => ({ instanceId, url: `https://store/${instanceId}`, expiresAt: until }));

let made = 0;
/** A frame of a pack, of an image of its own. */
function frame(packed: PackedFrame, book = bookOf(signed)): Registered {
  made += 1;
  const [only] = framesOf([
    sampleInstance({ instanceId: `packed-${made}`, packed: { packId: "p1", frames: [packed] } }),
  ]);
  if (!only) throw new Error("an instance of one frame has one");
  return { ...only, book };
}

/** A store that answers ranges of `bytes` in pieces. */
function storeOf(bytes: Uint8Array, piece = 100_000, pauseMs = 0) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, { headers }: { headers: { Range: string } }) => {
    asked.push(headers.Range);
    const [, from = 0, to = 0] = (/bytes=(\d+)-(\d+)/.exec(headers.Range) ?? []).map(Number);
    const part = bytes.slice(from, to + 1);
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (let at = 0; at < part.length; at += piece) {
          controller.enqueue(part.slice(at, at + piece));
          if (pauseMs > 0) await wait(pauseMs);
        }
        controller.close();
      },
    });
    return new Response(body, { status: 206 });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

describe("a frame of a pack", () => {
  it("is one range of the pack, whole", async () => {
    const asked = storeOf(Uint8Array.from({ length: 1000 }, (_, at) => at % 251));
    const bytes = await readPacked(frame({ offset: 100, length: 50, ends: [10, 50] }), signal);
    expect([...(bytes ?? [])]).toEqual(Array.from({ length: 50 }, (_, at) => (at + 100) % 251));
    expect(asked).toEqual(["bytes=100-149"]);
  });

  it("shorter than it is said to be is none: nothing less is ever taken for the whole", async () => {
    storeOf(new Uint8Array(120));
    await expect(readPacked(frame({ offset: 100, length: 50, ends: [50] }), signal)).rejects.toMatchObject({
      code: "FRAME_UNREADABLE",
    });
  });

  it("of a large one each resolution is told of on its way, and never the last as a reduced one", async () => {
    storeOf(new Uint8Array(600_000));
    const large = frame({ offset: 0, length: 600_000, ends: [50_000, 220_000, 600_000] });
    const told: number[] = [];
    const forget = onReduced(large.imageId, () => told.push(reducedOf(large.imageId)?.level ?? -1));
    await readPacked(large, signal);
    forget();
    expect(told).toEqual([2, 1]);
    expect(reducedOf(large.imageId)?.bytes).toHaveLength(220_000);
  });

  it("of a small one nothing is told where it comes in one breath, and what is there where the line is slow", async () => {
    for (const [pauseMs, expected] of [
      [0, []],
      [40, [1]],
    ] as const) {
      storeOf(new Uint8Array(60_000), 20_000, pauseMs);
      const small = frame({ offset: 0, length: 60_000, ends: [5000, 30_000, 60_000] });
      const told: number[] = [];
      const forget = onReduced(small.imageId, () => told.push(reducedOf(small.imageId)?.level ?? -1));
      await readPacked(small, signal);
      forget();
      expect(told).toEqual(expected);
    }
  });

  it("needs no address of its own where that came with the list of the series, nor does an original", async () => {
    storeOf(new Uint8Array(50));
    const [sign, signPacks] = [vi.fn(signed), vi.fn(signed)];
    const frames = [{ offset: 0, length: 50, ends: [50] }];
    const instances = [
      sampleInstance({ instanceId: "along", packed: { packId: "p9", frames } }),
      sampleInstance({ instanceId: "as sent", frames: [{ offset: 0, length: 50 }] }),
    ];
    const { book, series } = libraryOf({
      instances: async () => ({ instances, objects: await signed(["as sent"]), packs: await signed(["p9"]) }),
      ...{ sign, displayed: async () => {}, signPacks },
    });
    const [packed, original] = (await series("s")).frames;
    if (!packed || !original) throw new Error("each has one frame");
    expect(await readPacked({ ...packed, book }, signal)).toHaveLength(50);
    expect((await readEncoded({ ...original, book }, signal)).bytes).toHaveLength(50);
    expect([sign.mock.calls, signPacks.mock.calls]).toEqual([[], []]);
  });

  it("of a pack that is withdrawn there is nothing, and it isn't asked for twice", async () => {
    const sign = vi.fn(
      async (ids: string[]): Promise<SignedObject[]> =>
        ids.map((instanceId) => ({ instanceId, gone: true, code: "NOT_SERVED" })),
    );
    const gone = frame({ offset: 0, length: 5, ends: [5] }, bookOf(sign));
    for (let time = 0; time < 2; time += 1)
      await expect(readPacked(gone, signal)).rejects.toMatchObject({ code: "FRAME_GONE" });
    expect(sign).toHaveBeenCalledTimes(1);
  });

  it("that is refused is asked for once more, with a fresh address", async () => {
    const sign = vi.fn(signed);
    let times = 0;
    vi.stubGlobal("fetch", async () => {
      times += 1;
      return times === 1
        ? new Response(null, { status: 403 })
        : new Response(new Uint8Array(5), { status: 206 });
    });
    const bytes = await readPacked(frame({ offset: 0, length: 5, ends: [5] }, bookOf(sign)), signal);
    expect(bytes).toHaveLength(5);
    expect(sign).toHaveBeenCalledTimes(2);
  });
});

describe("the lowest resolutions of a large series", () => {
  const at = (offset: number, length: number) =>
    frame({ offset: 0, length: 9, ends: [length, 9], preview: { offset, length } });

  it("come by as few ranges as may be: those that lie beside each other in one", () => {
    const runs = runsOf([at(1000, 100), at(1100, 50), at(1150, 10), at(5000, 10)]);
    expect(runs.map(({ offset, length, all }) => [offset, length, all.length])).toEqual([
      [1000, 160, 3],
      [5000, 10, 1],
    ]);
  });

  it("a range is no longer than half a megabyte; frames without one are in none", () => {
    const frames = [at(0, 300_000), at(300_000, 300_000), frame({ offset: 0, length: 9, ends: [9] })];
    expect(runsOf(frames).map(({ length }) => length)).toEqual([300_000, 300_000]);
  });

  it("each is kept for its own frame, and says how often it is halved", async () => {
    const asked = storeOf(Uint8Array.from({ length: 1000 }, (_, at) => at % 251));
    const ends = [4, 20, 60, 90];
    const stack = [100, 104].map((offset) =>
      frame({ offset: 0, length: 90, ends, preview: { offset, length: 4 } }),
    );
    for (const one of stack) register(one.book, [one]);
    await previewsOf(stack, 0);
    expect(asked).toEqual(["bytes=100-107"]);
    expect(stack.map(({ imageId }) => reducedOf(imageId))).toEqual([
      { bytes: Uint8Array.of(100, 101, 102, 103), level: 3, packId: "p1" },
      { bytes: Uint8Array.of(104, 105, 106, 107), level: 3, packId: "p1" },
    ]);
  });

  it("come two ranges at once, those where the reader is first", async () => {
    const asked = storeOf(new Uint8Array(5000));
    const [store, open] = [fetch, { now: 0, most: 0 }];
    vi.stubGlobal("fetch", async (...of: Parameters<typeof fetch>) => {
      open.now += 1;
      open.most = Math.max(open.most, open.now);
      await wait(5);
      open.now -= 1;
      return store(...of);
    });
    const stack = [0, 1000, 2000, 3000, 4000].map((offset) => at(offset, 8));
    for (const one of stack) register(one.book, [one]);
    await previewsOf(stack, 3);
    expect(open.most).toBe(2);
    const order = asked.map((range) => Number(/\d+/.exec(range)?.[0]));
    expect(order).toEqual([3000, 2000, 4000, 1000, 0]);
  });

  it("don't come twice: of the frame only what is behind them, and it is the whole", async () => {
    // The frame lies at 10; its first four bytes once more at 500.
    const bytes = Uint8Array.from({ length: 504 }, (_, at) => (at < 500 ? at % 251 : at - 490));
    const asked = storeOf(bytes);
    const one = frame({
      ...{ offset: 10, length: 90, ends: [4, 20, 90] },
      preview: { offset: 500, length: 4 },
    });
    register(one.book, [one]);
    await previewsOf([one], 0);
    const whole = await readPacked(one, signal);
    expect(asked).toEqual(["bytes=500-503", "bytes=14-99"]);
    expect([...(whole ?? [])]).toEqual([...bytes.slice(10, 100)]);
  });

  it("of another pack, or not as long as they are said to be, are none of the frame's bytes", async () => {
    const asked = storeOf(Uint8Array.from({ length: 200 }, (_, at) => at % 251));
    for (const reduced of [
      { bytes: new Uint8Array(4), level: 2, packId: "p0" },
      { bytes: new Uint8Array(3), level: 2, packId: "p1" },
    ]) {
      const one = frame({ offset: 10, length: 90, ends: [4, 20, 90] });
      keepReduced(one.imageId, reduced);
      expect([...((await readPacked(one, signal)) ?? [])].slice(0, 2)).toEqual([10, 11]);
    }
    expect(asked).toEqual(["bytes=10-99", "bytes=10-99"]);
  });
});

describe("reduced pictures", () => {
  it("the finest is kept, a coarser one takes no finer one's place", () => {
    keepReduced("one", { bytes: new Uint8Array(1), level: 3, packId: "p1" });
    keepReduced("one", { bytes: new Uint8Array(2), level: 1, packId: "p1" });
    keepReduced("one", { bytes: new Uint8Array(3), level: 2, packId: "p1" });
    expect(reducedOf("one")).toMatchObject({ level: 1 });
  });

  it("take 48 MB at most: the oldest go", () => {
    for (const name of ["a", "b", "c"])
      keepReduced(name, { bytes: new Uint8Array(20 * 1024 * 1024), level: 1, packId: "p1" });
    expect([reducedOf("a"), reducedOf("b"), reducedOf("c")].map(Boolean)).toEqual([false, true, true]);
  });
});
