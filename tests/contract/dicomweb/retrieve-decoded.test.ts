import { spawnSync } from "node:child_process";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, readPart10 } from "@weald/dicom";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Coded,
  codedStudy,
  SIZE,
  unreadable,
  valueAt,
  WINDOW,
} from "../../fixtures/coded/coded-study.ts";
import { dicom, rows } from "../../integration/sent.ts";
import { partsOf } from "./parts-of.ts";

const hasDcmtk = spawnSync("dcmcjpeg", ["--version"]).status === 0;
if (!hasDcmtk) console.log("LEFT OUT JPEG lossless and JPEG of 12 bits by DICOMweb: dcmcjpeg (DCMTK)");

async function read(bytes: Uint8Array) {
  return readPart10(
    (async function* () {
      yield bytes;
    })(),
  );
}

/** The largest distance of any value from the known picture. */
function distance(bytes: Buffer, bits: 8 | 12): number {
  let most = 0;
  for (let row = 0; row < SIZE; row += 1)
    for (let column = 0; column < SIZE; column += 1) {
      const at = row * SIZE + column;
      const got = bits === 8 ? (bytes[at] ?? -1) : bytes.readUInt16LE(at * 2);
      most = Math.max(most, Math.abs(got - valueAt(column, row, bits)));
    }
  return most;
}

const study = mintUid();
const all: Coded[] = await codedStudy(
  { studyInstanceUid: study, patientId: "RXC-CODED", family: "Coded", description: "Codings" },
  hasDcmtk ? "with DCMTK" : "without",
);
/** Not unpacked: its decoder is off where a scan refines values. */
const REFINED = "1.2.840.10008.1.2.4.55";
const coded = all.filter(({ syntax }) => syntax !== REFINED);
/** DCMTK's own decoder of what its encoder made of 12 bits is 301 off at most; tests of real files compare with it. */
const LOSSY_12_BITS = 320;
const mostOff = ({ syntax, tolerance, bits }: Coded) =>
  LOSSLESS.test(syntax) ? 0 : bits === 12 && /\.4\.5[135]$/.test(syntax) ? LOSSY_12_BITS : tolerance;
const LOSSLESS = /\.(1|2|5|1\.98|1\.99|8\.1|4\.57|4\.70|4\.80|4\.90|4\.91|4\.20[123])$|10008\.1\.2$/;

describe("pixels by DICOMweb in every syntax that is unpacked", () => {
  let region: Region;
  let token: string;
  const film = unreadable(
    { studyInstanceUid: study, patientId: "RXC-CODED", family: "Coded", description: "Codings" },
    "1.2.840.10008.1.2.4.100",
    99,
    "film",
  );
  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC"));
    await region.send("RXC", [...coded.map(({ bytes }) => dicom(bytes)), dicom(film)]);
  });
  afterAll(() => region.stop());
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${region.dicomwebUrl}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
  const pathOf = async (bytes: Uint8Array) => {
    const { dataset } = await read(bytes);
    return `/studies/${study}/series/${dataset["0020000E"]?.Value?.[0]}/instances/${dataset["00080018"]?.Value?.[0]}`;
  };

  it.each(coded)("$name ($syntax): a frame is the known picture", async (one) => {
    const { bytes, bits } = one;
    const answer = await get(`${await pathOf(bytes)}/frames/1`, {
      accept: 'multipart/related; type="application/octet-stream"',
    });
    const [part] = await partsOf(answer);
    expect(part?.headers["content-type"]).toBe(
      `application/octet-stream; transfer-syntax=${EXPLICIT_LITTLE}`,
    );
    expect(part?.body.length).toBe(SIZE * SIZE * (bits === 8 ? 1 : 2));
    expect(distance(part?.body ?? Buffer.alloc(0), bits)).toBeLessThanOrEqual(mostOff(one));
  });

  it.each(coded)(
    "$name ($syntax): the object comes in the standard's default, true to its header",
    async (one) => {
      const { bytes, bits } = one;
      const answer = await get(await pathOf(bytes), { accept: "application/dicom" });
      expect(answer.headers.get("content-type")).toBe(
        `application/dicom; transfer-syntax=${EXPLICIT_LITTLE}`,
      );
      const turned = await bodyOf(answer);
      const [found, sent] = [await read(turned), await read(bytes)];
      expect(found.transferSyntaxUid).toBe(EXPLICIT_LITTLE);
      expect(found.deviations).toEqual([]);
      const { "00282110": lossy, ...header } = found.dataset;
      const { "00282110": _said, ...original } = sent.dataset;
      expect(header).toEqual(original);
      if (one.tolerance > 3) expect(lossy?.Value).toEqual(["01"]);
      const frame = found.pixelData?.frames[0] ?? { offset: 0, length: 0 };
      const pixels = turned.subarray(frame.offset, frame.offset + frame.length);
      expect(distance(pixels, bits)).toBeLessThanOrEqual(mostOff(one));
    },
  );

  it.each(coded)("$name ($syntax): as it is stored, it is not touched", async ({ bytes }) => {
    const stored = await bodyOf(
      await get(await pathOf(bytes), { accept: "application/dicom; transfer-syntax=*" }),
    );
    expect(stored.equals(Buffer.from(bytes))).toBe(true);
  });

  it.each(coded)("$name ($syntax): a picture shows the ramp through the window", async ({ bytes, bits }) => {
    const answer = await get(`${await pathOf(bytes)}/rendered`, { accept: "image/png" });
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("content-description")).toContain("not for diagnosis");
    const png = PNG.sync.read(await bodyOf(answer));
    expect([png.width, png.height]).toEqual([SIZE, SIZE]);
    const { center, width } = WINDOW[bits];
    for (const [column, row] of [
      [10, 10],
      [80, 20],
      [40, 90],
    ] as const) {
      const shown = ((valueAt(column, row, bits) - (center - 0.5)) / (width - 1) + 0.5) * 255;
      expect(Math.abs((png.data[(row * SIZE + column) * 4] ?? 0) - shown)).toBeLessThan(4);
    }
  });

  it("a whole study of many syntaxes comes in one answer in the default syntax, what can't be unpacked is told", async () => {
    const answer = await get(`/studies/${study}`);
    expect([answer.status, (await answer.json()).code]).toEqual([406, "NOT_ACCEPTABLE"]);
    const mixed = await partsOf(
      await get(`/studies/${study}`, {
        accept: `multipart/related; type="application/dicom"; transfer-syntax=${EXPLICIT_LITTLE}, multipart/related; type="application/dicom"; transfer-syntax=*;q=0.1`,
      }),
    );
    expect(mixed).toHaveLength(coded.length + 1);
    const syntaxes = await Promise.all(mixed.map(async ({ body }) => (await read(body)).transferSyntaxUid));
    expect(mixed.map(({ headers }) => headers["content-type"])).toEqual(
      syntaxes.map((syntax) => `application/dicom; transfer-syntax=${syntax}`),
    );
    expect(new Set(syntaxes)).toEqual(new Set([EXPLICIT_LITTLE, "1.2.840.10008.1.2.4.100"]));
  });

  it.skipIf(!hasDcmtk)(
    "progressive JPEG of 12 bits is refused, in words, rather than given wrong",
    async () => {
      const one = all.find(({ syntax }) => syntax === REFINED);
      await region.send("RXC", [dicom(one?.bytes ?? Buffer.alloc(0))]);
      const path = await pathOf(one?.bytes ?? Buffer.alloc(0));
      for (const resource of [path, `${path}/frames/1`, `${path}/rendered`]) {
        const answer = await get(resource);
        expect([answer.status, (await answer.json()).code]).toEqual([406, "PIXELS_UNREADABLE"]);
      }
      await rows(
        region,
        "UPDATE instance SET rejected_at = now() WHERE transfer_syntax_uid = $1 RETURNING id::text",
        REFINED,
      );
    },
  );

  it("a film is not unpacked: 406 names what it is stored as, and a picture of it is none", async () => {
    const path = await pathOf(film);
    const answer = await get(path, { accept: "application/dicom" });
    expect(answer.status).toBe(406);
    expect((await answer.json()).message).toContain("1.2.840.10008.1.2.4.100");
    expect((await get(`${path}/rendered`)).status).toBe(404);
    expect((await get(path, { accept: "application/dicom; transfer-syntax=*" })).status).toBe(200);
  });

  it.each([
    ["image/jls", ".4.80"],
    ["image/jp2", ".4.90"],
    ["image/jphc", ".4.201"],
    ["image/dicom-rle", ".5"],
    ["image/jpeg", ".4.50"],
  ])("a stored frame comes under its own name: %s", async (type, rest) => {
    const one = coded.find(({ syntax }) => syntax === `1.2.840.10008.1.2${rest}`);
    const { pixelData } = await read(one?.bytes ?? Buffer.alloc(0));
    const { offset = 0, length = 0 } = pixelData?.frames[0] ?? {};
    const path = `${await pathOf(one?.bytes ?? Buffer.alloc(0))}/frames/1`;
    for (const accept of [
      `multipart/related; type="${type}"`,
      `multipart/related; type="application/octet-stream"; transfer-syntax=*`,
    ]) {
      const [part] = await partsOf(await get(path, { accept }));
      expect(part?.headers["content-type"]).toContain(`transfer-syntax=1.2.840.10008.1.2${rest}`);
      expect(part?.body.equals(Buffer.from(one?.bytes ?? []).subarray(offset, offset + length))).toBe(true);
    }
    expect((await get(path, { accept: type })).headers.get("content-type")).toContain(type);
    expect((await get(path, { accept: "image/gif" })).status).toBe(406);
  });

  describe("pictures", () => {
    const path = async () => pathOf(coded[0]?.bytes ?? Buffer.alloc(0));
    it("are JPEG where nothing is said, smaller where a viewport is given, and thumbnails are small", async () => {
      const jpeg = await bodyOf(await get(`${await path()}/rendered`));
      expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      const png = PNG.sync.read(
        await bodyOf(await get(`${await path()}/rendered?viewport=48,20`, { accept: "image/png" })),
      );
      expect([png.width, png.height]).toEqual([20, 20]);
      for (const level of [
        `/studies/${study}`,
        (await path()).replace(/\/instances.*/, ""),
        await path(),
        `${await path()}/frames/1`,
      ])
        expect((await get(`${level}/thumbnail`)).headers.get("content-type")).toBe("image/jpeg");
    });
    it("of a study are one for each image that can be drawn", async () => {
      const parts = await partsOf(await get(`/studies/${study}/rendered?viewport=16,16`));
      expect(parts).toHaveLength(coded.length);
      expect(parts[0]?.headers["content-location"]).toMatch(/\/frames\/1\/rendered$/);
    });
    it("obey the window that is asked for", async () => {
      const png = PNG.sync.read(
        await bodyOf(await get(`${await path()}/rendered?window=1000,2,linear`, { accept: "image/png" })),
      );
      const dark = png.data[0];
      const bright = png.data[(SIZE * SIZE - 1) * 4];
      expect([dark, bright]).toEqual([0, 255]);
    });
    it.each([
      "window=1",
      "window=1,0,linear",
      "window=1,2,cubic",
      "viewport=0,5",
      "viewport=5,5,0,0,-1,1",
      "quality=0",
      "annotation=patient",
      "iccprofile=yes",
      "presentationUID=1.2",
    ])("a wish that is not known is refused in words: %s", async (query) => {
      const answer = await get(`${await path()}/rendered?${query}`);
      expect([answer.status, (await answer.json()).code]).toEqual([400, "RENDERING_INVALID"]);
    });
    it("as GIF or film are not given", async () => {
      for (const accept of ["image/gif", "video/mp4"])
        expect((await get(`${await path()}/rendered`, { accept })).status).toBe(406);
    });
  });
});
