import { afterEach, describe, expect, it, vi } from "vitest";
import { entriesIn } from "../../../../../tests/read-zip.ts";
import type { Door } from "./files-of.ts";
import { within } from "./keep-within.ts";
import type { OpenStudy } from "./mine-client.ts";
import { pictureZip } from "./picture-zip.ts";
import { studyZip, type ZipAsked } from "./study-zip.ts";

const series = ["a", "b"].map((seriesId) => ({ seriesId, instanceCount: 3 }));
const study = { studyId: "s", servedVersion: 1, studyDate: "2026-03-03", series } as unknown as OpenStudy;

/** Two series of three images; a page holds two. */
function door() {
  const signed: string[][] = [];
  const readSeries = async ({ seriesId, after }: { seriesId: string; after?: string }) =>
    after
      ? { instances: [{ instanceId: `${seriesId}3` }], next: undefined }
      : { instances: [1, 2].map((at) => ({ instanceId: `${seriesId}${at}` })), next: "2" };
  const signFiles = async ({ instanceIds }: { instanceIds: string[] }) => {
    signed.push(instanceIds);
    return { files: instanceIds.map((id) => ({ instanceId: id, url: `https://store/${id}` })) };
  };
  const made = { readSeries: { query: readSeries }, signFiles: { mutate: signFiles } } as unknown as Door;
  return { made, signed };
}
const asked = (made: Door, more: Partial<ZipAsked> = {}): ZipAsked => ({
  ...{ study, name: "Chest <CT> scan", trust: "Royal Surrey", door: made, onFile: () => undefined },
  ...more,
});
const zipOf = async (stream: ReadableStream<Uint8Array>) =>
  entriesIn(Buffer.from(await new Response(stream).arrayBuffer()));

describe("what a patient takes away", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is every file of what the link shows, with a page that says what they are and nobody's name", async () => {
    vi.stubGlobal("fetch", async (url: string) => new Response(`bytes of ${url}`));
    const found = await zipOf(studyZip(asked(door().made)));
    expect([...found.keys()]).toEqual([
      ...["1", "2", "3"].map((at) => `DICOM/S0000001/I000000${at}`),
      ...["1", "2", "3"].map((at) => `DICOM/S0000002/I000000${at}`),
      "index.html",
    ]);
    expect(String(found.get("DICOM/S0000002/I0000003"))).toBe("bytes of https://store/b3");
    const index = String(found.get("index.html"));
    expect(index).toContain("Chest &lt;CT&gt; scan, 3 March 2026");
    expect(index).toContain('href="DICOM/S0000001/I0000002"');
    expect(index).not.toContain("<script");
  });

  it("isn't given where a file can't be had", async () => {
    vi.stubGlobal(
      "fetch",
      async (url: string) => new Response("", { status: url.endsWith("b2") ? 403 : 200 }),
    );
    await expect(zipOf(studyZip(asked(door().made)))).rejects.toMatchObject({ code: "FILE_NOT_WHOLE" });
  });

  it("as pictures: put on the record before one is made, each under its set, and what can't be one is said", async () => {
    const { made, signed } = door();
    const draw = async function* (
      _source: unknown,
      seriesId: string,
      textOf: (at: number, of: number) => string[],
    ) {
      expect(signed.flat()).toEqual(expect.arrayContaining([1, 2, 3].map((at) => `${seriesId}${at}`)));
      for (const at of [1, 2, 3])
        yield { at, count: 3, blob: at === 2 ? undefined : new Blob([textOf(at, 3).join("\n")]) };
    };
    const found = await zipOf(pictureZip({ ...asked(made), draw, onRefused: () => undefined }));
    expect([...found.keys()]).toEqual([
      ...["set-1/0001", "set-1/0003", "set-2/0001", "set-2/0003"].map((name) => `pictures/${name}.jpg`),
      "index.html",
    ]);
    expect(String(found.get("pictures/set-1/0003.jpg"))).toMatch(
      /3 March 2026, Royal Surrey\nPicture 3 of 3/,
    );
    expect(String(found.get("index.html"))).toContain("2 more can't be made into pictures");
  });

  it("is refused where it isn't allowed, before a picture is made", async () => {
    const { made } = door();
    const refusing = { ...made, signFiles: { mutate: () => Promise.reject(new Error("no-downloads")) } };
    const draw = vi.fn();
    const zip = pictureZip({ ...asked(refusing as unknown as Door), draw, onRefused: () => undefined });
    await expect(zipOf(zip)).rejects.toThrow("no-downloads");
    expect(draw).not.toHaveBeenCalled();
  });

  it("is no more than a browser that can't write as it reads may hold", async () => {
    vi.stubGlobal("fetch", async () => new Response(new Uint8Array(1000)));
    const some = () => studyZip(asked(door().made));
    await expect(zipOf(within(some(), 3000))).rejects.toMatchObject({ code: "TOO_MUCH_TO_HOLD" });
    expect((await zipOf(within(some(), 30_000))).size).toBe(7);
  });
});
