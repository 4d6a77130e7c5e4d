import { describe, expect, it, vi } from "vitest";
import type { SignedObject } from "../contract.ts";
import { whyNotShown } from "./decodable.ts";
import { joinFragments } from "./join-fragments.ts";
import { decodedBytes, prefetchOrder } from "./prefetch.ts";
import { readFrame } from "./read-frame.ts";
import { framesOf } from "./registry.ts";
import { sampleInstance } from "./sample-instance.ts";
import { urlBook } from "./url-book.ts";

describe("prefetching goes outward from where the reader is", () => {
  it("ahead first, to both ends, each once", () => {
    expect(prefetchOrder(2, 6)).toEqual([3, 1, 4, 0, 5]);
    expect(prefetchOrder(0, 3)).toEqual([1, 2]);
    expect(prefetchOrder(0, 1)).toEqual([]);
  });
});

describe("what a frame takes once it is decoded", () => {
  const us = (value: number) => ({ vr: "US", Value: [value] });
  it("is its pixels in whole bytes, each colour of them", () => {
    const ct = { "00280010": us(512), "00280011": us(512), "00280100": us(16) };
    expect(decodedBytes(ct)).toBe(524_288);
    expect(decodedBytes({ ...ct, "00280100": us(8), "00280002": us(3) })).toBe(786_432);
    // A mask of one bit a pixel takes a byte each.
    expect(decodedBytes({ ...ct, "00280100": us(1) })).toBe(262_144);
  });

  it("is never nothing, whatever an image says of itself", () => {
    expect(decodedBytes({ "00280010": us(0) })).toBeGreaterThan(0);
  });
});

describe("fragments of one frame", () => {
  it("are joined without the item headers between them", () => {
    const span = Uint8Array.from([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4]);
    const locator = {
      offset: 50,
      length: 12,
      fragments: [
        { offset: 50, length: 2 },
        { offset: 60, length: 2 },
      ],
    };
    expect([...joinFragments(span, locator)]).toEqual([1, 2, 3, 4]);
    expect(joinFragments(span, { offset: 50, length: 12 })).toBe(span);
  });
});

describe("an image's id", () => {
  it("holds instance, version and frame, and never a URL: a new version is another picture", () => {
    const [first] = framesOf([sampleInstance()]);
    const [second] = framesOf([sampleInstance({ version: 2 })]);
    expect(first?.imageId).toBe("weald:/i1/1/frames/1");
    expect(second?.imageId).not.toBe(first?.imageId);
  });
});

describe("signed URLs", () => {
  const signer = (until: () => number) =>
    vi.fn(
      async (ids: string[]): Promise<SignedObject[]> =>
        ids.map((instanceId) => ({
          instanceId,
          url: `http://store/${instanceId}?${until()}`,
          expiresAt: new Date(until()).toISOString(),
        })),
    );

  it("are asked for together, with their neighbours, and again only when they end", async () => {
    let now = 1_000_000;
    const sign = signer(() => now + 45_000);
    const book = urlBook(sign, () => now);
    book.plan(["a", "b", "c", "d"]);
    const [a, b] = await Promise.all([book.get("a"), book.get("b")]);
    expect(a).not.toBe(b);
    await book.get("d");
    expect(sign).toHaveBeenCalledTimes(1);
    now += 44_000;
    await book.get("a");
    expect(sign).toHaveBeenCalledTimes(2);
  });

  it("of what is no longer served are gone for good", async () => {
    const book = urlBook(async (ids) =>
      ids.map((instanceId) => ({ instanceId, gone: true, code: "NOT_SERVED" as const })),
    );
    await expect(book.get("a")).rejects.toMatchObject({ code: "FRAME_GONE" });
    await expect(book.get("a")).rejects.toMatchObject({ code: "FRAME_GONE" });
  });

  it("a refusal is answered once with a fresh URL, and less than a whole frame is no frame", async () => {
    const sign = signer(() => Date.now() + 45_000);
    const book = urlBook(sign);
    const answers = [
      new Response(null, { status: 403 }),
      new Response(Uint8Array.of(1, 2, 3, 4), { status: 206 }),
    ];
    vi.stubGlobal("fetch", async () => answers.shift() ?? new Response(Uint8Array.of(1), { status: 206 }));
    const signal = new AbortController().signal;
    expect([...(await readFrame(book, sampleInstance(), { offset: 10, length: 4 }, signal))]).toEqual([
      1, 2, 3, 4,
    ]);
    expect(sign).toHaveBeenCalledTimes(2);
    await expect(readFrame(book, sampleInstance(), { offset: 10, length: 4 }, signal)).rejects.toMatchObject({
      code: "FRAME_UNREADABLE",
    });
    vi.unstubAllGlobals();
  });
});

describe("what the browser can't show", () => {
  it("is said in words, with what to do", () => {
    expect(whyNotShown("1.2.840.10008.1.2.4.102")).toContain("video");
    expect(whyNotShown("1.2.3.4")).toContain("1.2.3.4");
    expect(whyNotShown("1.2.840.10008.1.2.4.90")).toBeUndefined();
  });
  it("nor what it would show with other values: progressive JPEG of 12 bits", () => {
    expect(whyNotShown("1.2.840.10008.1.2.4.55", 16)).toContain("would not show truly");
    expect(whyNotShown("1.2.840.10008.1.2.4.55", 8)).toBeUndefined();
    expect(whyNotShown("1.2.840.10008.1.2.4.51", 16)).toBeUndefined();
  });
});
