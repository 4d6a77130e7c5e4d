import { afterEach, describe, expect, it, vi } from "vitest";
import type { Header } from "../contract.ts";
import { whyNotPainted } from "../frames/decodable.ts";
import { sampleInstance } from "../frames/sample-instance.ts";
import { urlBook } from "../frames/url-book.ts";
import { expandSegments, hasPalette, withPalettes } from "./palette.ts";

const expanded = (count: number, ...words: number[]) => {
  const table = expandSegments(Uint16Array.from(words), count);
  return table && [...table];
};

describe("a palette in segments", () => {
  it("has entries one by one, and straight lines from the last one", () => {
    expect(expanded(3, 0, 3, 7, 8, 9)).toEqual([7, 8, 9]);
    expect(expanded(5, 0, 1, 10, 1, 4, 50)).toEqual([10, 20, 30, 40, 50]);
    expect(expanded(3, 0, 1, 50, 1, 2, 10)).toEqual([50, 30, 10]);
  });

  it("may say its first segments again, each line then from where the table is", () =>
    // Byte 0: the entry 10 and the line to 30, both once more.
    expect(expanded(6, 0, 1, 10, 1, 2, 30, 2, 2, 0, 0)).toEqual([10, 20, 30, 10, 20, 30]));

  it("is none that says no sense: a line from nowhere, itself again for ever, too few entries, an unknown kind", () => {
    expect(expanded(2, 1, 2, 9)).toBeUndefined();
    expect(expanded(9, 2, 1, 0, 0)).toBeUndefined();
    expect(expanded(9, 0, 2, 1, 2)).toBeUndefined();
    expect(expanded(2, 7, 2, 1, 2)).toBeUndefined();
  });
});

const us = (...Value: number[]) => ({ vr: "US", Value });
const of = (tables: Header): Header => ({
  "00280004": { vr: "CS", Value: ["PALETTE COLOR"] },
  ...Object.fromEntries(["00281101", "00281102", "00281103"].map((tag) => [tag, us(2, 0, 16)])),
  ...tables,
});
const three = (first: number, attribute: Header[string]): Header =>
  Object.fromEntries([0, 1, 2].map((channel) => [`0028${first + channel}`, attribute]));
const instance = (header: Header, transferSyntaxUid = "1.2.840.10008.1.2.1") =>
  sampleInstance({ header, transferSyntaxUid });
const book = () =>
  urlBook(async (ids) =>
    ids.map((instanceId) => ({ instanceId, url: `http://x/${instanceId}`, expiresAt: "2126-01-01" })),
  );
const signal = new AbortController().signal;
const bytesIn = (header: Header, tag: string) => [...Buffer.from(header[tag]?.InlineBinary ?? "", "base64")];
afterEach(() => vi.unstubAllGlobals());

describe("the palettes of an image", () => {
  it("stand whole in its header, little endian, wherever and in whatever order they lay", async () => {
    vi.stubGlobal("fetch", async () => new Response(Uint8Array.of(1, 2, 3, 4), { status: 206 }));
    const far = of(three(1201, { vr: "OW", BulkDataURI: "40:4" }));
    expect(bytesIn(await withPalettes(book(), instance(far), signal), "00281202")).toEqual([1, 2, 3, 4]);
    const big = await withPalettes(book(), instance(far, "1.2.840.10008.1.2.2"), signal);
    expect(bytesIn(big, "00281202")).toEqual([2, 1, 4, 3]);
  });

  it("are made whole of their segments", async () => {
    const words = Buffer.from(Uint16Array.of(0, 2, 5, 6).buffer).toString("base64");
    const header = of(three(1221, { vr: "OW", InlineBinary: words }));
    expect(hasPalette(header)).toBe(true);
    expect(bytesIn(await withPalettes(book(), instance(header), signal), "00281203")).toEqual([5, 0, 6, 0]);
  });
});

describe("an image whose colours can't be made", () => {
  it("says so in words: without its palette, or of a form that nobody reads", () => {
    expect(whyNotPainted(of({}))).toMatch(/by a palette, and came without it/);
    expect(whyNotPainted({ "00280004": { vr: "CS", Value: ["CIELAB"] } })).toMatch(/CIELAB/);
    expect(whyNotPainted({ "00280004": { vr: "CS", Value: ["RGB"] } })).toBeUndefined();
  });
});
