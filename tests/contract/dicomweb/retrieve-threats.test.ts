import { deflateRawSync } from "node:zlib";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import { type DicomJson, mintUid, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threats } from "../../../packages/dicom/src/fixtures/threats.ts";
import { datasetOf, dicom, image, rowan, rows } from "../../integration/sent.ts";

const MB = 1024 ** 2;
/** The largest that a test lays in memory. */
const MOST_SENT = 8_000_000;

async function upTo(stream: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const marker = (code: number, body: Buffer) => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(code, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const SOI = Buffer.from([0xff, 0xd8]);
const sof = (code: number, rows: number, columns: number, precision = 8) => {
  const body = Buffer.alloc(9);
  body[0] = precision;
  body.writeUInt16BE(rows, 1);
  body.writeUInt16BE(columns, 3);
  body.set([1, 1, 0x11, 0], 5);
  return marker(code, body);
};
const siz = (columns: number, rows: number) => {
  const body = Buffer.alloc(36 + 3);
  for (const [at, value] of [
    [2, columns],
    [6, rows],
    [18, columns],
    [22, rows],
  ] as const)
    body.writeUInt32BE(value, at);
  body.writeUInt16BE(1, 34);
  body.set([15, 1, 1], 36);
  return Buffer.concat([Buffer.from([0xff, 0x4f]), marker(0xff51, body)]);
};
const rle = (segments: number, ...offsets: number[]) => {
  const header = Buffer.alloc(64);
  for (const [at, value] of [segments, ...offsets].entries()) header.writeUInt32LE(value, at * 4);
  return header;
};

/** A frame a class of harm that only whoever unpacks it meets. */
const FRAMES: readonly { says: string; syntax: string; frame: Uint8Array }[] = [
  {
    says: "JPEG of 65,535 × 65,535 in an image of 4 × 4",
    syntax: ".4.50",
    frame: Buffer.concat([SOI, sof(0xffc0, 65_535, 65_535)]),
  },
  { says: "JPEG that ends behind its head", syntax: ".4.50", frame: Buffer.concat([SOI, sof(0xffc0, 4, 4)]) },
  {
    says: "JPEG whose segments never end",
    syntax: ".4.50",
    frame: Buffer.concat([SOI, Buffer.alloc(4000, 0xff)]),
  },
  {
    says: "12-bit JPEG without tables",
    syntax: ".4.51",
    frame: Buffer.concat([
      SOI,
      sof(0xffc1, 4, 4, 12),
      Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2]),
    ]),
  },
  {
    says: "lossless JPEG of another size",
    syntax: ".4.70",
    frame: Buffer.concat([SOI, sof(0xffc3, 60_000, 60_000, 16)]),
  },
  {
    says: "JPEG-LS of another size",
    syntax: ".4.80",
    frame: Buffer.concat([SOI, sof(0xfff7, 60_000, 60_000, 16)]),
  },
  { says: "JPEG 2000 of 4 milliard pixels", syntax: ".4.90", frame: siz(65_535, 65_535) },
  { says: "JPEG 2000 without an image", syntax: ".4.90", frame: siz(4, 4) },
  { says: "HTJ2K of 4 milliard pixels", syntax: ".4.201", frame: siz(65_535, 65_535) },
  { says: "HTJ2K without an image", syntax: ".4.201", frame: siz(4, 4) },
  { says: "RLE with segments outside", syntax: ".5", frame: rle(2, 64, 0xfffffff0) },
  { says: "RLE with too many segments", syntax: ".5", frame: rle(0xffff, 64) },
  {
    says: "RLE that ends too early",
    syntax: ".5",
    frame: Buffer.concat([rle(2, 64, 66), Buffer.from([127, 1, 200, 1])]),
  },
  {
    says: "a deflated frame that unpacks to 64 MB",
    syntax: ".8.1",
    frame: deflateRawSync(Buffer.alloc(64 * MB)),
  },
  { says: "nothing of its syntax", syntax: ".4.80", frame: Buffer.from("no picture") },
];

describe("objects made to harm, from the door to the door", () => {
  let region: Region;
  let token: string;
  const [study, series] = [mintUid(), mintUid()];
  const held = FRAMES.map((one, index) => ({ ...one, sop: mintUid(), index }));
  const good = { study: mintUid(), series: mintUid(), sop: mintUid() };
  beforeAll(async () => {
    region = await Region.create();
    token = await region.tokenOf(region.system("RXC", ["studies.read", "inbox.write"]));
    const of = rowan({ localNumber: "H1", nhs: "" });
    await region.send("RXC", [
      image({ ...good, of: rowan({ localNumber: "G1", nhs: "" }) }),
      ...held.map(({ syntax, frame, sop, index }) => {
        const dataset: DicomJson = datasetOf({ study, series, sop, of, number: index });
        return dicom(
          writePart10({ dataset, pixelData: [frame], transferSyntaxUid: `1.2.840.10008.1.2${syntax}` }),
        );
      }),
    ]);
  });
  afterAll(() => region.stop());
  const get = (path: string, accept: string) =>
    fetch(`${region.dicomwebUrl}${path}`, { headers: { authorization: `Bearer ${token}`, accept } });
  const at = (sop: string) => `/studies/${study}/series/${series}/instances/${sop}`;

  it.each(held)(
    "$says: no frame, no picture, no object, in words; it can be had as it is stored",
    async ({ sop, frame }) => {
      for (const [path, accept] of [
        [`${at(sop)}/rendered`, "image/png"],
        [`${at(sop)}/frames/1`, "application/octet-stream"],
        [`${at(sop)}/frames/1`, 'multipart/related; type="application/octet-stream"'],
        [at(sop), "application/dicom"],
        [at(sop), 'multipart/related; type="application/dicom"'],
      ] as const) {
        const answer = await get(path, accept);
        expect([path, answer.status, (await answer.json()).code]).toEqual([path, 406, "PIXELS_UNREADABLE"]);
      }
      const stored = await get(`${at(sop)}/frames/1`, "application/octet-stream; transfer-syntax=*");
      const bytes = Buffer.from(await stored.arrayBuffer());
      expect(bytes.subarray(0, frame.length).equals(Buffer.from(frame))).toBe(true);
    },
  );

  it("memory stays flat over all of them again, and good pictures are drawn afterwards", async () => {
    const before = process.memoryUsage().rss;
    for (const { sop } of held) await (await get(`${at(sop)}/rendered`, "image/png")).arrayBuffer();
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * MB);
    const answer = await get(
      `/studies/${good.study}/series/${good.series}/instances/${good.sop}/rendered`,
      "image/png",
    );
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
  });

  it("each class is refused or quarantined by its code, and nothing of it is served", async () => {
    const sources: Record<string, Buffer> = {};
    for (const [name, { code, stream }] of Object.entries(threats)) {
      // What goes on for ever is held to its memory by the reader's own test.
      const bytes = code === undefined ? undefined : await upTo(stream(), MOST_SENT);
      if (bytes) sources[name] = bytes;
    }
    expect(Object.keys(sources).length).toBeGreaterThan(12);
    // Rows, and those that are folded into blocks.
    const count = `SELECT ((SELECT count(*) FROM instance)
      + (SELECT coalesce(sum(cardinality(ids)), 0) FROM manifest_block))::int AS n`;
    const before = await rows<{ n: number }>(region, count);
    const files = Object.entries(sources).map(([name, bytes]) => bytesSource(name, "dicom", bytes));
    const sent = await region.send("RXC", files);
    const told = Object.fromEntries(sent.map(({ file, outcome, code }) => [file, `${outcome} ${code}`]));
    const promised = Object.keys(sources).map((name) => [name, `quarantined ${threats[name]?.code}`]);
    expect(told).toEqual(Object.fromEntries(promised));
    expect(await rows<{ n: number }>(region, count)).toEqual(before);
  });
});
