import { Region } from "@weald/dev-env/region";
import { type DicomJson, EXPLICIT_LITTLE, mintUid, readPart10 } from "@weald/dicom";
import { api } from "dicomweb-client";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codedStudy, SIZE, valueAt } from "../../fixtures/coded/coded-study.ts";
import { dicom } from "../../integration/sent.ts";
import { FetchingRequest } from "./fetching-request.ts";
import { partsOf } from "./parts-of.ts";

const study = mintUid();
const coded = await codedStudy(
  { studyInstanceUid: study, patientId: "RXC-CLIENT", family: "Client", description: "Codings" },
  "without",
);

describe("WADO-RS with dicomweb-client", () => {
  let region: Region;
  // biome-ignore lint/suspicious/noExplicitAny: its types know no `request` at four methods, and call numbers strings
  let client: any;
  let token: string;
  const [one] = coded;
  const read = async (bytes: Uint8Array) =>
    readPart10(
      (async function* () {
        yield bytes;
      })(),
    );
  const place = async (bytes = one?.bytes ?? new Uint8Array()) => {
    const { dataset, pixelData } = await read(bytes);
    const { offset = 0, length = 0 } = pixelData?.frames[0] ?? {};
    return {
      uids: {
        studyInstanceUID: study,
        seriesInstanceUID: String(dataset["0020000E"]?.Value?.[0]),
        sopInstanceUID: String(dataset["00080018"]?.Value?.[0]),
      },
      frame: Buffer.from(bytes).subarray(offset, offset + length),
    };
  };
  const request = () => ({ instance: new FetchingRequest() });
  const mediaTypes = (mediaType: string, transferSyntaxUID?: string) => [
    { mediaType, ...(transferSyntaxUID ? { transferSyntaxUID } : {}) },
  ];

  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC"));
    client = new api.DICOMwebClient({
      singlepart: false,
      url: region.dicomwebUrl,
      headers: { Authorization: `Bearer ${token}` },
    });
    await region.send(
      "RXC",
      coded.map(({ bytes }) => dicom(bytes)),
    );
  });
  afterAll(() => region.stop());

  /** Version 0.11.3 refuses each `mediaTypes` of these three by a fault of its own: it asks without, so for the default. */
  it("retrieveStudy, retrieveSeries and retrieveInstance: every object, in the default syntax", async () => {
    const { uids } = await place();
    const all = await client.retrieveStudy({ ...uids, request: request() });
    const [ofSeries] = await client.retrieveSeries({ ...uids, request: request() });
    const instance = await client.retrieveInstance({ ...uids, request: request() });
    expect(all).toHaveLength(coded.length);
    const found = await Promise.all(all.map((bytes: ArrayBuffer) => read(new Uint8Array(bytes))));
    expect(new Set(found.map(({ transferSyntaxUid }) => transferSyntaxUid))).toEqual(
      new Set([EXPLICIT_LITTLE]),
    );
    expect(new Set(found.map(({ dataset }) => dataset["00080018"]?.Value?.[0])).size).toBe(coded.length);
    expect(Buffer.from(ofSeries ?? new ArrayBuffer(0)).equals(Buffer.from(instance))).toBe(true);
  });
  it("retrieveStudyMetadata, retrieveSeriesMetadata, retrieveInstanceMetadata", async () => {
    const { uids } = await place();
    expect(await client.retrieveStudyMetadata({ ...uids, request: request() })).toHaveLength(coded.length);
    expect(await client.retrieveSeriesMetadata({ ...uids, request: request() })).toHaveLength(1);
    const metadata = await client.retrieveInstanceMetadata({ ...uids, request: request() });
    const header = [metadata].flat()[0] as unknown as DicomJson;
    expect(header["00080018"]?.Value).toEqual([uids.sopInstanceUID]);
  });
  it("retrieveInstanceFrames, with and without media types", async () => {
    for (const { bytes, bits, tolerance, syntax } of coded) {
      const { uids, frame } = await place(bytes);
      const asked = { ...uids, frameNumbers: [1] };
      const [plain] = await client.retrieveInstanceFrames({ ...asked, request: request() });
      const pixels = Buffer.from(plain ?? new ArrayBuffer(0));
      const middle = (SIZE / 2) * SIZE + SIZE / 2;
      const value = bits === 8 ? pixels[middle] : pixels.readUInt16LE(middle * 2);
      expect(Math.abs((value ?? 0) - valueAt(SIZE / 2, SIZE / 2, bits))).toBeLessThanOrEqual(tolerance);
      const [stored] = await client.retrieveInstanceFrames({
        ...asked,
        mediaTypes: mediaTypes("application/octet-stream", "*"),
        request: request(),
      });
      // Locators of a deflated object count in what it unpacks to.
      if (syntax !== "1.2.840.10008.1.2.1.99") expect(stored?.byteLength).toBe(frame.length);
    }
  });
  it("retrieveInstanceRendered, retrieveInstanceFramesRendered, and both thumbnails", async () => {
    const { uids } = await place();
    const png = { mediaTypes: mediaTypes("image/png") };
    const pictures = [
      await client.retrieveInstanceRendered({ ...uids, ...png, request: request() }),
      await client.retrieveInstanceFramesRendered({ ...uids, ...png, frameNumbers: [1], request: request() }),
      await client.retrieveInstanceThumbnail({ ...uids, ...png, request: request() }),
      await client.retrieveInstanceFramesThumbnail({
        ...uids,
        ...png,
        frameNumbers: [1],
        request: request(),
      }),
    ];
    for (const picture of pictures) {
      const [bytes] = [picture].flat();
      expect(PNG.sync.read(Buffer.from(bytes as ArrayBuffer)).width).toBeGreaterThan(0);
    }
  });
  it("retrieveBulkData, whole and a range of it", async () => {
    const { uids, frame } = await place();
    const [header] = [await client.retrieveInstanceMetadata({ ...uids, request: request() })].flat();
    const BulkDataURI = (header as unknown as DicomJson)["7FE00010"]?.BulkDataURI ?? "";
    const [whole] = await client.retrieveBulkData({
      BulkDataURI,
      mediaTypes: mediaTypes("application/octet-stream"),
      request: request(),
    });
    expect(Buffer.from(whole ?? new ArrayBuffer(0)).equals(frame)).toBe(true);
    const [part] = await client.retrieveBulkData({
      BulkDataURI,
      mediaTypes: mediaTypes("application/octet-stream"),
      byteRange: [0, 9],
      request: request(),
    });
    expect(part?.byteLength).toBe(10);
  });

  /** As cornerstone's wadors loader asks (dicom-image-loader 5.14, wadors/getPixelData and loadImage). */
  it("cornerstone's wadors loader: metadata, then a frame under the Accept that it sends, read as it reads it", async () => {
    const headers = { authorization: `Bearer ${token}` };
    for (const { bytes, syntax } of coded.filter((each) => !/1\.99$/.test(each.syntax))) {
      const { uids, frame } = await place(bytes);
      const path = `${region.dicomwebUrl}/studies/${study}/series/${uids.seriesInstanceUID}`;
      const metadata = await fetch(`${path}/metadata`, {
        headers: { ...headers, accept: "application/json" },
      });
      expect(((await metadata.json()) as DicomJson[])[0]?.["00280010"]?.Value).toEqual([SIZE]);
      const answer = await fetch(`${path}/instances/${uids.sopInstanceUID}/frames/1`, {
        headers: {
          ...headers,
          accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*',
        },
      });
      const [part] = await partsOf(answer);
      expect(part?.headers["content-type"]).toBe(`application/octet-stream; transfer-syntax=${syntax}`);
      expect(part?.body.equals(frame)).toBe(true);
    }
  });
});
