import { afterEach, describe, expect, it, vi } from "vitest";
import type { Header } from "../contract.ts";
import { sampleInstance } from "../frames/sample-instance.ts";
import { urlBook } from "../frames/url-book.ts";
import { readPresentation } from "./presentation.ts";

const descriptor = { vr: "US", Value: [4, 0, 16] };
const instance = (instanceId: string, item: Header) =>
  sampleInstance({ instanceId, header: { "00283010": { vr: "SQ", Value: [item] } } });
const book = () =>
  urlBook(async (ids) =>
    ids.map((instanceId) => ({ instanceId, url: `http://x/${instanceId}`, expiresAt: "2126-01-01" })),
  );
const signal = new AbortController().signal;
const elsewhere = { "00283002": descriptor, "00283006": { vr: "OW", BulkDataURI: "40:8" } };

afterEach(() => vi.unstubAllGlobals());

describe("a lookup table beside the pixels", () => {
  it("is read by its range, once, and known from then on", async () => {
    const words = new Uint8Array(Uint16Array.of(1, 2, 3, 4).buffer);
    const fetched = vi.fn(async () => new Response(words, { status: 206 }));
    vi.stubGlobal("fetch", fetched);
    const of = instance("read-once", elsewhere);
    await readPresentation(book(), of, signal);
    const { voi } = await readPresentation(book(), of, signal);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect([...(voi[0]?.values ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it("that can't be had fails the picture: without its table it would be another one", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 500 }));
    const reading = readPresentation(book(), instance("not-had", elsewhere), signal);
    await expect(reading).rejects.toMatchObject({ code: "FRAME_UNREADABLE" });
  });

  it("stands in the header where it is short", async () => {
    const item = { "00283002": descriptor, "00283006": { vr: "US", Value: [5, 6, 7, 8] } };
    const { voi } = await readPresentation(book(), instance("short", item), signal);
    expect([...(voi[0]?.values ?? [])]).toEqual([5, 6, 7, 8]);
  });

  it("of an angiogram that undoes its intensifier is not for showing", async () => {
    const item = { "00283002": descriptor, "00283006": { vr: "US", Value: [5, 6, 7, 8] } };
    const xa = {
      ...instance("xa", item),
      sopClassUid: "1.2.840.10008.5.1.4.1.1.12.1",
      header: { "00283000": { vr: "SQ", Value: [item] } },
    };
    expect((await readPresentation(book(), xa, signal)).modality).toBeUndefined();
  });
});
