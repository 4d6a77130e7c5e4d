import { request } from "node:http";
import { connect } from "node:net";
import { promisify } from "node:util";
import { gzip as gzipOf, gzipSync } from "node:zlib";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid, number, sequence, text } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, rowan, rows, type Shot } from "../../integration/sent.ts";
import { post, related, type Spelling } from "./stow.ts";

const FAILED = "00081198";
const REFERENCED = "00081199";
const OTHER = "0008119A";
const REASON = "00081197";
const WARNING = "00081196";
const RETRIEVE_URL = "00081190";
const OUR_CODE = "00091001";

const codesIn = (dataset: DicomJson, tag: string) =>
  sequence(dataset, tag).map((item) => [number(item, REASON) ?? number(item, WARNING), text(item, OUR_CODE)]);

describe("STOW-RS", () => {
  let region: Region;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    // The queues run by themselves, as in `npm start`: a store waits for what becomes of its objects.
    await region.cloud.start();
    token = await region.tokenOf(region.system("RXC"));
  });
  afterAll(() => region.stop());

  const shot = (more: Shot = {}) => {
    const uids = { study: mintUid(), series: mintUid(), sop: mintUid() };
    return { ...uids, bytes: bytesOf({ ...uids, ...more }) };
  };
  const send = (body: Uint8Array, headers: Record<string, string>, path = "/studies") =>
    post({ url: `${region.dicomwebUrl}${path}`, token, body, headers });
  const sendParts = (objects: readonly Uint8Array[], spelling: Spelling = {}, path = "/studies") => {
    const { body, contentType } = related(objects, spelling);
    return send(body, { "content-type": contentType }, path);
  };
  const instancesHere = async (sop: string) =>
    (
      await rows<{ n: number }>(
        region,
        "SELECT count(*)::int n FROM instance WHERE sop_instance_uid = $1",
        sop,
      )
    )[0]?.n;

  it("stores several objects, and answers for each with where it is found", async () => {
    const [a, b] = [shot(), shot()];
    const { status, dataset, warning } = await sendParts([a.bytes, b.bytes]);
    expect(status).toBe(200);
    expect(warning).toBeNull();
    expect(sequence(dataset, FAILED)).toEqual([]);
    expect(
      sequence(dataset, REFERENCED).map((item) => [text(item, "00081155"), text(item, RETRIEVE_URL)]),
    ).toEqual(
      [a, b].map(({ study, series, sop }) => [
        sop,
        `${region.dicomwebUrl}/studies/${study}/series/${series}/instances/${sop}`,
      ]),
    );
    expect(await instancesHere(a.sop)).toBe(1);
    expect(await instancesHere(b.sop)).toBe(1);
  });

  it.each<[string, Spelling]>([
    [
      "the type without quotes",
      { contentType: "multipart/related; type=application/dicom; boundary=weald-test" },
    ],
    ["no type", { contentType: "Multipart/Related; Boundary=weald-test" }],
    [
      "a boundary of odd characters, in quotes",
      {
        boundary: "a b'()+_,-./:=?z",
        contentType: `multipart/related; boundary="a b'()+_,-./:=?z"; type="application/dicom"`,
      },
    ],
    ["a preamble and an epilogue", { preamble: "This is a message\r\nin parts.\r\n", epilogue: "the end" }],
    ["line feeds alone", { eol: "\n" }],
    ["no header for a part", { partHeader: "" }],
    [
      "headers in any case, folded, with a transfer syntax and a length",
      {
        partHeader:
          "content-TYPE: Application/DICOM;\r\n transfer-syntax=1.2.840.10008.1.2.1\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: binary\r\n",
      },
    ],
  ])("takes %s, byte for byte", async (_name, spelling) => {
    const one = shot();
    const { status } = await sendParts([one.bytes], spelling);
    expect(status).toBe(200);
    const [row] = await rows<{ sha256: string; key: string }>(
      region,
      "SELECT sha256_stored AS sha256, object_key AS key FROM instance WHERE sop_instance_uid = $1",
      one.sop,
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of await region.service.ports.archive.read(row?.key ?? "")) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(Buffer.from(one.bytes))).toBe(true);
  });

  it("takes a single object without parts, a packed request, and one in chunks without a length", async () => {
    const [single, packed, slow] = [shot(), shot(), shot()];
    expect((await send(single.bytes, { "content-type": "application/dicom" })).status).toBe(200);
    const { body, contentType } = related([packed.bytes]);
    expect(
      (await send(gzipSync(body), { "content-type": contentType, "content-encoding": "gzip" })).status,
    ).toBe(200);
    const status = await new Promise((resolve, reject) => {
      const { body: chunks, contentType: type } = related([slow.bytes]);
      const posted = request(`${region.dicomwebUrl}/studies`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": type },
      });
      posted.on("response", (answer) => answer.resume().on("end", () => resolve(answer.statusCode)));
      posted.on("error", reject);
      for (let at = 0; at < chunks.length; at += 7) posted.write(chunks.subarray(at, at + 7));
      posted.end();
    });
    expect(status).toBe(200);
    for (const { sop } of [single, packed, slow]) expect(await instancesHere(sop)).toBe(1);
  });

  it("says success again to the same request, and nothing is here twice", async () => {
    const one = shot();
    expect((await sendParts([one.bytes])).status).toBe(200);
    expect((await sendParts([one.bytes])).status).toBe(200);
    expect((await sendParts([one.bytes, one.bytes])).status).toBe(200);
    expect(await instancesHere(one.sop)).toBe(1);
  });

  it("stores the rest where some can't be, and names each with its reason", async () => {
    const good = shot();
    const noPatient = shot({ of: rowan({ localNumber: "" }) });
    const junk = Buffer.from("this is no DICOM object, and never was one: just a text that somebody sent");
    const { status, dataset, warning } = await sendParts([junk, good.bytes, noPatient.bytes]);
    expect(status).toBe(202);
    expect(warning).toMatch(/^299 weald "2 not stored\./);
    expect(sequence(dataset, REFERENCED).map((item) => text(item, "00081155"))).toEqual([good.sop]);
    expect(codesIn(dataset, FAILED)).toEqual([[0xa900, "PATIENT_ID_MISSING"]]);
    expect(codesIn(dataset, OTHER)).toEqual([[0xc000, "NOT_DICOM"]]);
    expect(text(sequence(dataset, FAILED)[0] ?? {}, "00091002")).toContain("no Patient ID");
  });

  it("says 409 where none could be stored, and 400 where none has a place in a study", async () => {
    const noPatient = shot({ of: rowan({ localNumber: "" }) });
    expect((await sendParts([noPatient.bytes])).status).toBe(409);
    const noStudy = shot({ more: { "0020000D": { vr: "UI", Value: [] } } });
    const noSeries = shot({ more: { "0020000E": { vr: "UI", Value: [] } } });
    const { status, dataset } = await sendParts([noStudy.bytes, noSeries.bytes]);
    expect(status).toBe(400);
    expect(codesIn(dataset, FAILED)).toEqual([
      [0xa900, "STUDY_UID_MISSING"],
      [0xa900, "SERIES_UID_MISSING"],
    ]);
  });

  it("takes only objects of the study that the address names", async () => {
    const [mine, other] = [shot(), shot()];
    const { status, dataset } = await sendParts([mine.bytes, other.bytes], {}, `/studies/${mine.study}`);
    expect(status).toBe(202);
    expect(codesIn(dataset, FAILED)).toEqual([[0xa900, "STUDY_UID_DIFFERS"]]);
    expect(await instancesHere(mine.sop)).toBe(1);
    expect(await instancesHere(other.sop)).toBe(0);
  });

  it("warns of a preamble that was cleared, and of a second version that is kept beside the first", async () => {
    const one = shot();
    const program = Buffer.from(one.bytes);
    program.write("MZ\x90\0", 0, "latin1");
    const cleared = await sendParts([program]);
    expect(cleared.status).toBe(202);
    expect(codesIn(cleared.dataset, REFERENCED)).toEqual([[0xb000, "PREAMBLE_CLEARED"]]);
    const first = shot({ description: "Chest" });
    await sendParts([first.bytes]);
    const second = bytesOf({
      study: first.study,
      series: first.series,
      sop: first.sop,
      description: "CHEST PA",
    });
    const alternate = await sendParts([second]);
    expect(alternate.status).toBe(202);
    expect(codesIn(alternate.dataset, REFERENCED)).toEqual([[0xb000, "KEPT_AS_ALTERNATE"]]);
  });

  it("says that another image under a known UID waits for a person", async () => {
    const first = shot({ grey: 1 });
    await sendParts([first.bytes]);
    const other = bytesOf({ study: first.study, series: first.series, sop: first.sop, grey: 2 });
    const { status, dataset } = await sendParts([other]);
    expect(status).toBe(409);
    expect(codesIn(dataset, FAILED)).toEqual([[0x0110, "UID_CONFLICT"]]);
  });

  it.each([
    [
      "metadata with bulk data",
      'multipart/related; type="application/dicom+json"; boundary=b',
      "METADATA_NOT_TAKEN",
    ],
    ["metadata in XML", "multipart/related; type=application/dicom+xml; boundary=b", "METADATA_NOT_TAKEN"],
    ["a form", "multipart/form-data; boundary=b", "MEDIA_TYPE_UNSUPPORTED"],
    ["a picture", "image/jpeg", "MEDIA_TYPE_UNSUPPORTED"],
    ["nothing said", "", "MEDIA_TYPE_UNSUPPORTED"],
  ])("says 415 in clear words to %s", async (_name, contentType, code) => {
    const answer = await send(Buffer.from("--b\r\n\r\nx\r\n--b--"), { "content-type": contentType });
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.text)).toMatchObject({
      code,
      message: expect.stringContaining("whole DICOM objects"),
    });
  });

  it("refuses a cut, empty or broken request whole, and a packed one that unpacks without measure", async () => {
    const one = shot();
    const { body, contentType } = related([one.bytes]);
    const cut = await send(body.subarray(0, -20), { "content-type": contentType });
    expect([cut.status, JSON.parse(cut.text).code]).toEqual([400, "MULTIPART_TRUNCATED"]);
    expect(await instancesHere(one.sop)).toBe(0);
    const gzip = { "content-type": contentType, "content-encoding": "gzip" };
    const empty = await sendParts([]);
    expect([empty.status, JSON.parse(empty.text).code]).toEqual([400, "NOTHING_SENT"]);
    const broken = await send(gzipSync(body).subarray(0, -30), gzip);
    expect([broken.status, JSON.parse(broken.text).code]).toEqual([400, "GZIP_BROKEN"]);
    // In a thread of its own: a kept connection that nobody serves meanwhile is closed.
    const packed = await promisify(gzipOf)(Buffer.alloc(300_000_000));
    const bomb = await send(packed, {
      ...gzip,
      "content-type": "application/dicom",
    });
    expect([bomb.status, JSON.parse(bomb.text).code]).toEqual([413, "GZIP_TOO_LARGE"]);
    const other = await send(body, { ...gzip, "content-encoding": "br" });
    expect([other.status, JSON.parse(other.text).code]).toEqual([415, "CONTENT_ENCODING_UNSUPPORTED"]);
  });

  it("refuses who may not send: no token, no scope, another trust's address", async () => {
    const { body, contentType } = related([shot().bytes]);
    const as = async (actorToken: string, path = "/studies") =>
      (
        await post({
          url: `${region.dicomwebUrl}${path}`,
          token: actorToken,
          body,
          headers: { "content-type": contentType },
        })
      ).status;
    expect(await as("none")).toBe(401);
    expect(await as(await region.tokenOf(region.system("RXC", ["studies.read"])))).toBe(403);
    expect(await as(await region.tokenOf(region.as("amara.okafor@RA2")))).toBe(403);
    expect(await as(token, "/RA2/studies")).toBe(403);
    expect(await as(token, "/RXC/studies")).toBe(200);
  });

  it("says nothing of a request that is broken, empty or packed to who may not send", async () => {
    const { body, contentType } = related([shot().bytes]);
    const headers = { "content-type": contentType };
    const url = `${region.dicomwebUrl}/studies`;
    const reader = await region.tokenOf(region.system("RXC", ["studies.read"]));
    const cut = await post({ url, token: "none", body: body.subarray(0, -20), headers });
    expect([cut.status, JSON.parse(cut.text).code]).toEqual([401, "TOKEN_INVALID"]);
    const none = related([]);
    const empty = await post({
      url,
      token: reader,
      body: none.body,
      headers: { "content-type": none.contentType },
    });
    expect(empty.status).toBe(403);
    // Not even unpacked: what is broken in it is never seen.
    const packed = { ...headers, "content-encoding": "gzip" };
    expect((await post({ url, token: "none", body: Buffer.from("no gzip"), headers: packed })).status).toBe(
      401,
    );
  });

  it("answers a client that speaks in raw bytes and closes its side, as curl -0 does", async () => {
    const one = shot();
    const { body, contentType } = related([one.bytes]);
    const { port, hostname } = new URL(region.dicomwebUrl);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      const pieces: Buffer[] = [];
      socket.on("data", (piece) => pieces.push(piece));
      socket.on("end", () => resolve(Buffer.concat(pieces).toString("latin1")));
      socket.on("error", reject);
      socket.write(
        `POST /dicomweb/studies HTTP/1.1\r\nHOST: ${hostname}:${port}\r\nAuthorization: bearer ${token}\r\ncontent-TYPE:${contentType}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
      );
      socket.write(body);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(await instancesHere(one.sop)).toBe(1);
  });
});
