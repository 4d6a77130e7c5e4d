import { createHash } from "node:crypto";
import { Region } from "@weald/dev-env/region";
import {
  type DicomJson,
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  mintUid,
  readPart10,
  writePart10,
} from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, datasetOf, dicom } from "../../integration/sent.ts";
import { partsOf } from "./parts-of.ts";

const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const DEFLATED = "1.2.840.10008.1.2.1.99";
const LONG = Buffer.alloc(3000, 5);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function read(bytes: Uint8Array) {
  return readPart10(
    (async function* () {
      yield bytes;
    })(),
  );
}

describe("WADO-RS", () => {
  let region: Region;
  let token: string;
  const [study, series, other] = [mintUid(), mintUid(), mintUid()];
  const sops = [mintUid(), mintUid(), mintUid()] as const;
  const files = [
    bytesOf({ study, series, sop: sops[0], number: 1 }),
    bytesOf({ study, series, sop: sops[1], number: 2, grey: 9 }),
    bytesOf({
      study,
      series: other,
      sop: sops[2],
      grey: 11,
      more: {
        "00090010": { vr: "LO", Value: ["WEALD TEST"] },
        "00091010": { vr: "OB", InlineBinary: LONG.toString("base64") },
        "00880200": {
          vr: "SQ",
          Value: [{ "00091011": { vr: "OB", InlineBinary: LONG.toString("base64") } }],
        },
      },
    }),
  ] as const;
  const instance = `/studies/${study}/series/${series}/instances/${sops[0]}`;
  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC"));
    await region.send("RXC", files.map(dicom));
  });
  afterAll(() => region.stop());
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(path.startsWith("http") ? path : `${region.dicomwebUrl}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
  const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];

  describe("objects", () => {
    it("of a study come as they were sent, byte for byte, a part an object", async () => {
      const answer = await get(`/studies/${study}`, { accept: AS_STORED });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      const parts = await partsOf(answer);
      expect(parts).toHaveLength(3);
      for (const [index, sop] of sops.entries()) {
        const part = parts.find(({ headers }) => headers["content-location"]?.endsWith(`/instances/${sop}`));
        expect(part?.body.equals(Buffer.from(files[index] ?? []))).toBe(true);
        expect(part?.headers["content-type"]).toBe(`application/dicom; transfer-syntax=${EXPLICIT_LITTLE}`);
        expect(part?.headers["content-location"]).toContain(`${region.dicomwebUrl}/studies/${study}/series/`);
      }
    });
    it("of a series are those of the series alone, also at the trust's own address", async () => {
      for (const path of [`/studies/${study}/series/${series}`, `/RXC/studies/${study}/series/${series}`]) {
        const parts = await partsOf(await get(path));
        expect(parts.map(({ body }) => sha256(body)).sort()).toEqual(files.slice(0, 2).map(sha256).sort());
      }
    });
    it.each([
      ["application/dicom"],
      ["application/dicom; transfer-syntax=*"],
      ["application/dicom; transfer-syntax=1.2.840.10008.1.2.1"],
      ["text/html;q=0.9, application/dicom ;q=0.1"],
    ])("one alone is given as a file where it is asked for so: %s", async (accept) => {
      const answer = await get(instance, { accept });
      expect(answer.headers.get("content-type")).toMatch(/^application\/dicom; transfer-syntax=/);
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect((await bodyOf(answer)).equals(Buffer.from(files[0]))).toBe(true);
    });
    it.each([
      ["", "multipart"],
      ["*/*", "multipart"],
      ["multipart/related", "multipart"],
      ['multipart/related; type="application/dicom"', "multipart"],
      ["multipart/related;type=application/dicom;transfer-syntax=*", "multipart"],
      ['multipart/related; type="application/dicom"; transfer-syntax="1.2.840.10008.1.2.1"', "multipart"],
    ])("every legal spelling of Accept is read: %s", async (accept) => {
      const [part] = await partsOf(await get(instance, accept ? { accept } : {}));
      expect(part?.body.equals(Buffer.from(files[0]))).toBe(true);
    });
    it("the accept parameter stands before the header", async () => {
      const answer = await get(`${instance}?accept=application/dicom`, { accept: "text/html" });
      expect(answer.status).toBe(200);
    });
    it("what can't be given is told with what can", async () => {
      for (const accept of [
        "text/html",
        'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50',
      ]) {
        const answer = await get(instance, { accept });
        expect(answer.status).toBe(406);
        const said = await answer.json();
        expect(said.code).toBe("NOT_ACCEPTABLE");
        expect(said.message).toContain("application/dicom");
      }
      expect(await codeOf(await get(`/studies/${study}`, { accept: "application/dicom" }))).toEqual([
        406,
        "NOT_ACCEPTABLE",
      ]);
    });
    it("a range of one is a range of the file, and the same mark means that nothing changed", async () => {
      const whole = await get(instance, { accept: "application/dicom" });
      const etag = whole.headers.get("etag") ?? "";
      const part = await get(instance, { accept: "application/dicom", range: "bytes=128-131" });
      expect([part.status, part.headers.get("content-range")]).toEqual([
        206,
        `bytes 128-131/${files[0].length}`,
      ]);
      expect(await part.text()).toBe("DICM");
      expect((await get(instance, { accept: "application/dicom", range: "bytes=9999999-" })).status).toBe(
        416,
      );
      const same = await get(instance, { accept: "application/dicom", "if-none-match": etag });
      expect([same.status, await same.text()]).toEqual([304, ""]);
    });
    it.each([
      ["bytes=-4", -4, undefined],
      ["bytes=300-", 300, undefined],
      ["bytes=0-0", 0, 1],
      ["bytes=128-999999", 128, undefined],
    ])("ranges are counted as RFC 9110 has it: %s", async (range, from, to) => {
      const answer = await get(instance, { accept: "application/dicom", range });
      const wanted = files[0].slice(from, to);
      const first = files[0].length - (from < 0 ? -from : files[0].length - from);
      expect([
        answer.status,
        answer.headers.get("content-range"),
        answer.headers.get("content-length"),
      ]).toEqual([206, `bytes ${first}-${first + wanted.length - 1}/${files[0].length}`, `${wanted.length}`]);
      expect((await bodyOf(answer)).equals(Buffer.from(wanted))).toBe(true);
    });
    it("a range of what has changed since is the whole", async () => {
      const { headers } = await get(instance, { accept: "application/dicom" });
      const ask = { accept: "application/dicom", range: "bytes=0-9" };
      const etag = headers.get("etag") ?? "";
      expect((await get(instance, { ...ask, "if-range": etag })).status).toBe(206);
      const whole = await get(instance, { ...ask, "if-range": '"other"' });
      expect([whole.status, (await bodyOf(whole)).length]).toEqual([200, files[0].length]);
    });
    it("that are not there are not found, each at its level", async () => {
      for (const path of [
        `/studies/${mintUid()}`,
        `/studies/${study}/series/${mintUid()}`,
        `${instance.slice(0, -3)}.9`,
        `/RTK/studies/${study}`,
      ])
        expect(await codeOf(await get(path))).toEqual([404, "NOT_FOUND"]);
    });
  });

  describe("metadata", () => {
    const headersOf = async (path: string, headers: Record<string, string> = {}) =>
      (await (await get(`${path}/metadata`, headers)).json()) as DicomJson[];

    it("of a study, a series and an instance is the header, as JSON", async () => {
      expect(await headersOf(`/studies/${study}`)).toHaveLength(3);
      expect(await headersOf(`/studies/${study}/series/${series}`)).toHaveLength(2);
      const [header] = await headersOf(instance, { accept: "application/dicom+json" });
      const { "7FE00010": pixels, ...rest } = header ?? {};
      expect(rest).toEqual(datasetOf({ study, series, sop: sops[0], number: 1 }));
      expect(pixels).toEqual({ vr: "OW", BulkDataURI: `${region.dicomwebUrl}${instance}/bulkdata/7FE00010` });
    });
    it("comes packed to who takes it so, and whole to who doesn't", async () => {
      const packed = await get(`/studies/${study}/metadata`, { "accept-encoding": "gzip" });
      expect(packed.headers.get("content-encoding")).toBe("gzip");
      const plain = await get(`/studies/${study}/metadata`, { "accept-encoding": "identity" });
      expect(plain.headers.get("content-encoding")).toBeNull();
      expect(await packed.json()).toEqual(await plain.json());
    });
    it("refers to what is too long for a header, and the reference leads there", async () => {
      const path = `/studies/${study}/series/${other}/instances/${sops[2]}`;
      const [header] = await headersOf(path);
      const icon = header?.["00880200"]?.Value?.[0] as DicomJson;
      for (const address of [header?.["00091010"]?.BulkDataURI, icon["00091011"]?.BulkDataURI]) {
        const [part] = await partsOf(await get(address ?? ""));
        expect(part?.body.equals(LONG)).toBe(true);
        const range = await get(address ?? "", { range: "bytes=10-19" });
        expect([range.status, (await bodyOf(range)).length]).toEqual([206, 10]);
      }
      const pixels = await get(header?.["7FE00010"]?.BulkDataURI ?? "", {
        accept: "application/octet-stream",
      });
      expect((await bodyOf(pixels)).equals(Buffer.alloc(32, 11))).toBe(true);
      expect(await codeOf(await get(`${path}/bulkdata/00100010`))).toEqual([404, "NO_SUCH_VALUE"]);
    });
    it("is marked: nothing comes again that has not changed", async () => {
      const etag = (await get(`${instance}/metadata`)).headers.get("etag") ?? "";
      expect((await get(`${instance}/metadata`, { "if-none-match": etag })).status).toBe(304);
      expect((await get(`${instance}/metadata`, { "if-none-match": '"other"' })).status).toBe(200);
    });
    it("in XML is not given: 406 says what is", async () => {
      const answer = await get(`${instance}/metadata`, {
        accept: 'multipart/related; type="application/dicom+xml"',
      });
      expect(answer.status).toBe(406);
      expect((await answer.json()).message).toContain("application/dicom+json");
    });
  });

  it.each(["", "/metadata", "/frames/1", "/rendered", "/thumbnail", "/bulkdata/7FE00010"])(
    "nobody between keeps what tells of a patient, and no browser guesses what it is: …%s",
    async (resource) => {
      const { status, headers } = await get(`${instance}${resource}`);
      expect([status, headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual([
        200,
        "private, no-store",
        "nosniff",
      ]);
      for (const name of ["Accept", "Authorization", "Origin"]) expect(headers.get("vary")).toContain(name);
    },
  );

  describe("frames", () => {
    const many = mintUid();
    const path = `/studies/${study}/series/${other}/instances/${many}/frames`;
    const frame = (number: number) => Buffer.alloc(32, number);
    beforeAll(async () => {
      const more = { "00280008": { vr: "IS", Value: [3] } };
      const dataset = datasetOf({ study, series: other, sop: many, number: 9, more });
      const pixelData = Buffer.concat([frame(1), frame(2), frame(3)]);
      await region.send("RXC", [
        dicom(writePart10({ dataset, pixelData, transferSyntaxUid: EXPLICIT_LITTLE })),
      ]);
    });
    it("come in the order in which they are asked for", async () => {
      const parts = await partsOf(
        await get(`${path}/3,1`, { accept: 'multipart/related; type="application/octet-stream"' }),
      );
      expect(parts.map(({ body }) => body[0])).toEqual([3, 1]);
      expect(parts[0]?.headers).toMatchObject({
        "content-type": `application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE}`,
        "content-location": `${region.dicomwebUrl}${path}/3`,
      });
    });
    it("one comes alone where it is asked for so, also a range of it", async () => {
      const answer = await get(`${path}/2`, { accept: "application/octet-stream" });
      expect((await bodyOf(answer)).equals(frame(2))).toBe(true);
      const range = await get(`${path}/2`, { accept: "application/octet-stream", range: "bytes=0-3" });
      expect([range.status, (await bodyOf(range)).length]).toEqual([206, 4]);
    });
    it("that are none are refused with how many there are", async () => {
      const answer = await get(`${path}/4`);
      expect([answer.status, await answer.json()]).toMatchObject([
        404,
        { code: "FRAME_NOT_FOUND", message: expect.stringContaining("3 frames") },
      ]);
      expect(await codeOf(await get(`${path}/0`))).toEqual([400, "FRAMES_INVALID"]);
    });
  });

  describe("other codings", () => {
    const held = [IMPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED].map((syntax, index) => {
      const place = { study, series: mintUid(), sop: mintUid() };
      const more = {
        "00091010": { vr: "OB", InlineBinary: LONG.toString("base64") },
        "00280103": { vr: "US", Value: [1] },
        "00280106": { vr: "SS", Value: [-5] },
      };
      const dataset = datasetOf({ ...place, number: index, more });
      const words = Buffer.from(Uint16Array.from({ length: 16 }, (_one, at) => at * 257 + 3).buffer);
      const pixelData = syntax === EXPLICIT_BIG ? Buffer.from(words).swap16() : words;
      return {
        ...place,
        syntax,
        words,
        dataset,
        bytes: writePart10({ dataset, pixelData, transferSyntaxUid: syntax }),
      };
    });
    const pathOf = ({ series: its, sop }: { series: string; sop: string }) =>
      `/studies/${study}/series/${its}/instances/${sop}`;
    beforeAll(() =>
      region.send(
        "RXC",
        held.map(({ bytes }) => dicom(bytes)),
      ),
    );

    it.each(held)(
      "$syntax comes as it lies, and in Explicit VR Little Endian where nothing is said",
      async (one) => {
        const asStored = await get(pathOf(one), { accept: "application/dicom; transfer-syntax=*" });
        expect((await bodyOf(asStored)).equals(Buffer.from(one.bytes))).toBe(true);
        const named = await get(pathOf(one), { accept: `application/dicom; transfer-syntax=${one.syntax}` });
        expect((await bodyOf(named)).equals(Buffer.from(one.bytes))).toBe(true);
        const turned = await bodyOf(await get(pathOf(one), { accept: "application/dicom" }));
        const found = await read(turned);
        expect(found.transferSyntaxUid).toBe(EXPLICIT_LITTLE);
        expect(found.deviations).toEqual([]);
        const { "00091010": long, ...rest } = found.dataset;
        const { "00091010": sent, ...said } = one.dataset;
        expect(rest).toEqual(said);
        const at = found.pixelData?.frames[0];
        expect(turned.subarray(at?.offset, (at?.offset ?? 0) + 32).equals(one.words)).toBe(true);
        const [from = 0, length = 0] = (long?.BulkDataURI ?? "").split(":").map(Number);
        expect(turned.subarray(from, from + length).equals(LONG)).toBe(true);
      },
    );
    it.each(held)("$syntax: a frame and a long value are little endian", async (one) => {
      const frame = await get(`${pathOf(one)}/frames/1`, { accept: "application/octet-stream" });
      expect((await bodyOf(frame)).equals(one.words)).toBe(true);
      const long = await get(`${pathOf(one)}/bulkdata/00091010`, { accept: "application/octet-stream" });
      expect((await bodyOf(long)).equals(LONG)).toBe(true);
    });
  });
});
