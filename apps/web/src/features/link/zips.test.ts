import { afterEach, describe, expect, it, vi } from "vitest";
import { entriesIn } from "../../../../../tests/read-zip.ts";
import { type Door, filePieces, picturePieces } from "./files-of.ts";
import { within } from "./keep-within.ts";
import type { OpenStudy } from "./mine-client.ts";
import { bytesOf, partsOf, plainSize } from "./parts-of.ts";
import { pictureZip } from "./picture-zip.ts";
import { studyZip, type ZipAsked } from "./study-zip.ts";

const series = ["a", "b"].map((seriesId) => ({ seriesId, instanceCount: 3, sizeBytes: 3000 }));
const instance = (instanceId: string) => ({ instanceId, sizeBytes: 1000, frames: [{}], header: {} });
const study = { studyId: "s", servedVersion: 1, studyDate: "2026-03-03", series } as unknown as OpenStudy;

/** Two series of three images; a page holds two. */
function door() {
  const signed: string[][] = [];
  const readSeries = async ({ seriesId, after }: { seriesId: string; after?: string }) =>
    after
      ? { instances: [instance(`${seriesId}3`)], next: undefined }
      : { instances: [1, 2].map((at) => instance(`${seriesId}${at}`)), next: "2" };
  const signFiles = async ({ instanceIds }: { instanceIds: string[] }) => {
    signed.push(instanceIds);
    return { files: instanceIds.map((id) => ({ instanceId: id, url: `https://store/${id}` })) };
  };
  const made = { readSeries: { query: readSeries }, signFiles: { mutate: signFiles } } as unknown as Door;
  return { made, signed };
}
type Listed = typeof filePieces;
/** All of it in one. */
async function asked(made: Door, list: Listed = filePieces): Promise<ZipAsked> {
  const [part] = partsOf(await list(made, study), Number.POSITIVE_INFINITY);
  if (!part) throw new Error("nothing");
  const said = { study, name: "Chest <CT> scan", trust: "Royal Surrey", onFile: () => undefined };
  return { ...said, door: made, part };
}
const zipOf = async (stream: ReadableStream<Uint8Array>) =>
  entriesIn(Buffer.from(await new Response(stream).arrayBuffer()));

describe("what a patient takes away", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is every file of what the link shows, with a page that says what they are and nobody's name", async () => {
    vi.stubGlobal("fetch", async (url: string) => new Response(`bytes of ${url}`));
    const found = await zipOf(studyZip(await asked(door().made)));
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
    await expect(zipOf(studyZip(await asked(door().made)))).rejects.toMatchObject({ code: "FILE_NOT_WHOLE" });
  });

  it("as pictures: put on the record before one is made, each under its set, and what can't be one is said", async () => {
    const { made, signed } = door();
    const draw = async function* (
      _source: unknown,
      { seriesId }: { seriesId: string },
      textOf: (at: number, of: number) => string[],
    ) {
      expect(signed.flat()).toEqual(expect.arrayContaining([1, 2, 3].map((at) => `${seriesId}${at}`)));
      for (const at of [1, 2, 3])
        yield { at, count: 3, blob: at === 2 ? undefined : new Blob([textOf(at, 3).join("\n")]) };
    };
    const found = await zipOf(
      pictureZip({ ...(await asked(made, picturePieces)), draw, onRefused: () => undefined }),
    );
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
    const zip = pictureZip({
      ...(await asked(refusing as unknown as Door, picturePieces)),
      draw,
      onRefused: () => undefined,
    });
    await expect(zipOf(zip)).rejects.toThrow("no-downloads");
    expect(draw).not.toHaveBeenCalled();
  });

  it("is no more than a browser that can't write as it reads may hold", async () => {
    vi.stubGlobal("fetch", async () => new Response(new Uint8Array(1000)));
    const some = async () => studyZip(await asked(door().made));
    await expect(zipOf(within(await some(), 3000))).rejects.toMatchObject({ code: "TOO_MUCH_TO_HOLD" });
    expect((await zipOf(within(await some(), 30_000))).size).toBe(7);
  });

  it("of a file whose address was over before it was read asks for another", async () => {
    const { made, signed } = door();
    const refused = new Set(["https://store/a2"]);
    vi.stubGlobal(
      "fetch",
      async (url: string) => new Response(url, { status: refused.delete(url) ? 403 : 200 }),
    );
    const found = await zipOf(studyZip(await asked(made)));
    expect(found.size).toBe(7);
    expect(signed).toContainEqual(["a2"]);
  });
});

describe("what is more than a browser holds", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("comes in parts, in order, each within what it holds, and one that is more by itself is by itself", () => {
    const pieces = [40_000, 40_000, 900_000, 10, 10].map((bytes, at) => ({ at, bytes }));
    const parts = partsOf(pieces, 100_000);
    expect(parts.map((part) => part.pieces.map(({ at }) => at))).toEqual([[0, 1], [2], [3, 4]]);
    expect(parts.map(({ at, count }) => [at, count])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    for (const { bytes, pieces: held } of parts) expect(bytes <= 100_000 || held.length === 1).toBe(true);
    expect(partsOf([], 100)).toEqual([]);
  });

  it("as pictures: each part has its own of each series, put on the record alone", async () => {
    const { made, signed } = door();
    const parts = partsOf(await picturePieces(made, study), 1_000_000);
    expect(parts.map((part) => part.pieces.length)).toEqual([3, 3]);
    const [first] = parts;
    if (!first) throw new Error("no part");
    const runs: unknown[] = [];
    const draw = async function* (_source: unknown, run: { from: number; to: number }) {
      runs.push(run);
      for (let at = run.from; at <= run.to; at += 1) yield { at, count: 3, blob: new Blob(["jpeg"]) };
    };
    const zip = pictureZip({ ...(await asked(made)), part: first, draw, onRefused: () => undefined });
    const found = await zipOf(zip);
    expect(runs).toEqual([{ seriesId: "a", from: 1, to: 3 }]);
    expect(signed).toEqual([["a1", "a2", "a3"]]);
    expect([...found.keys()].at(-1)).toBe("index-1.html");
    expect(String(found.get("index-1.html"))).toContain("part 1 of 2");
  });

  it("is told before anybody presses, in words", () => {
    expect(plainSize(bytesOf(study))).toBe("less than 1 MB");
    expect(plainSize(640_400_000)).toBe("about 640 MB");
    expect(plainSize(1_250_000_000)).toBe("about 1.3 GB");
  });
});
