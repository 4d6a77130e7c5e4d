import { type Browser, chromium, type Page } from "@playwright/test";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, readPart10, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserOptions } from "../../e2e/browser.ts";
import { codedStudy, SIZE, valueAt } from "../../fixtures/coded/coded-study.ts";
import { datasetOf, dicom } from "../../integration/sent.ts";
import { partsOf } from "./parts-of.ts";
import type { LoadedFrame, WadorsPage } from "./wadors/page.ts";
import { type ServedPage, serveWadorsPage } from "./wadors/serve-page.ts";

const study = mintUid();
const of = { studyInstanceUid: study, patientId: "RXC-WADORS", family: "Wadors", description: "Loader" };
const coded = await codedStudy(of, "without");
/** What the loader says in the same values. */
const LOSSLESS = 3;

const one = (vr: string, ...Value: (string | number)[]) => ({ vr, Value });
const FRAMES = 5;
/** The loader gives values after the modality's rescale, of the metadata. */
const INTERCEPT = -1024;
const greyOf = (frame: number, at: number) => frame * 500 + at;
const pixelsOf = (frame: number) =>
  new Uint8Array(Uint16Array.from({ length: 16 }, (_, at) => greyOf(frame, at)).buffer);
const frameNumbers = Array.from({ length: FRAMES }, (_, index) => index + 1);
const film = mintUid();
const films = [
  { says: "uncompressed", syntax: EXPLICIT_LITTLE, pixelData: Buffer.concat(frameNumbers.map(pixelsOf)) },
  { says: "in fragments", syntax: "1.2.840.10008.1.2.1.98", pixelData: frameNumbers.map(pixelsOf) },
].map(({ says, syntax, pixelData }) => {
  const series = mintUid();
  const more = {
    "00080016": one("UI", "1.2.840.10008.5.1.4.1.1.7.3"),
    "00280008": one("IS", FRAMES),
    "00281052": one("DS", INTERCEPT),
    "00281053": one("DS", 1),
  };
  const dataset = datasetOf({ study: film, series, modality: "XA", more });
  return { says, series, bytes: writePart10({ dataset, pixelData, transferSyntaxUid: syntax }) };
});

const seriesOf = async (bytes: Uint8Array) => {
  const { dataset } = await readPart10(
    (async function* () {
      yield bytes;
    })(),
  );
  return String(dataset["0020000E"]?.Value?.[0]);
};

describe("cornerstone's own wadors loader, in a browser, on a registered viewer's page", () => {
  let region: Region;
  let served: ServedPage;
  let stranger: ServedPage;
  let browser: Browser;
  let page: Page;
  let token: string;

  beforeAll(async () => {
    [served, stranger] = await Promise.all([serveWadorsPage(), serveWadorsPage()]);
    region = await Region.create({
      environment: { WEALD_DICOMWEB_ORIGINS: `https://viewer.example,${served.origin}` },
    });
    token = await region.tokenOf(region.system("RXC", ["studies.read"]));
    await region.send("RXC", [
      ...coded.map(({ bytes }) => dicom(bytes)),
      ...films.map(({ bytes }) => dicom(bytes)),
    ]);
    browser = await chromium.launch(await browserOptions());
    page = await browser.newPage();
    await page.goto(served.origin);
    await page.waitForFunction("globalThis.wadorsPage");
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([served?.close(), stranger?.close(), region?.stop()]);
  });

  const loadOn = (on: Page, path: string, bearer = token): Promise<LoadedFrame[]> =>
    on.evaluate(
      ([url, of]) => (globalThis as unknown as { wadorsPage: WadorsPage }).wadorsPage.loadSeries(url, of),
      [`${region.dicomwebUrl}/studies/${path}`, bearer] as const,
    );
  /** The same frame as our own door unpacks it. */
  async function unpacked(bytes: Uint8Array, bits: 8 | 12): Promise<number[]> {
    const { dataset } = await readPart10(
      (async function* () {
        yield bytes;
      })(),
    );
    const path = `studies/${study}/series/${dataset["0020000E"]?.Value?.[0]}/instances/${dataset["00080018"]?.Value?.[0]}`;
    const answer = await fetch(`${region.dicomwebUrl}/${path}/frames/1`, {
      headers: {
        authorization: `Bearer ${token}`,
        accept: `multipart/related; type="application/octet-stream"; transfer-syntax=${EXPLICIT_LITTLE}`,
      },
    });
    const [part] = await partsOf(answer);
    const body = part?.body ?? Buffer.alloc(0);
    return Array.from({ length: SIZE * SIZE }, (_, at) =>
      bits === 8 ? body.readUInt8(at) : body.readUInt16LE(at * 2),
    );
  }

  it.each(coded)("$name ($syntax): every value is the one that was coded", async (sent) => {
    const [frame] = await loadOn(page, `${study}/series/${await seriesOf(sent.bytes)}`);
    expect([frame?.rows, frame?.columns]).toEqual([SIZE, SIZE]);
    const ours = await unpacked(sent.bytes, sent.bits);
    const off = (frame?.pixels ?? []).map((value, at) => Math.abs(value - (ours[at] ?? -1)));
    expect(off).toHaveLength(SIZE * SIZE);
    expect(Math.max(...off)).toBeLessThanOrEqual(sent.tolerance > LOSSLESS ? 1 : 0);
    const known = (frame?.pixels ?? []).map((value, at) =>
      Math.abs(value - valueAt(at % SIZE, Math.floor(at / SIZE), sent.bits)),
    );
    expect(Math.max(...known)).toBeLessThanOrEqual(sent.tolerance);
  });

  it.each(films)(
    "every frame of a multi-frame object is that frame and no other: $says",
    async ({ series }) => {
      const frames = await loadOn(page, `${film}/series/${series}`);
      expect(frames.map(({ pixels }) => pixels)).toEqual(
        frameNumbers.map((frame) => Array.from({ length: 16 }, (_, at) => greyOf(frame, at) + INTERCEPT)),
      );
    },
  );

  const first = `${film}/series/${films[0]?.series}`;
  it("a page that nobody registered is given nothing by the browser", async () => {
    const other = await browser.newPage();
    await other.goto(stranger.origin);
    await other.waitForFunction("globalThis.wadorsPage");
    await expect(loadOn(other, first)).rejects.toThrow("Failed to fetch");
    await other.close();
  });

  it("a token that is none is told to the page as 401", async () => {
    await expect(loadOn(page, first, "none")).rejects.toThrow("metadata: 401");
  });

  it("metadata of a study is whole in a browser, packed as it asks for it", async () => {
    const answer = await page.evaluate(
      async ([url, bearer]) => {
        const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
        return ((await response.json()) as unknown[]).length;
      },
      [`${region.dicomwebUrl}/studies/${study}/metadata`, token] as const,
    );
    expect(answer).toBe(coded.length);
  });
});
