import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { Region } from "@weald/dev-env/region";
import { mintUid, number, sequence, text } from "@weald/dicom";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post, related } from "../contract/dicomweb/stow.ts";
import { type EdgeProcess, edgeProcess, until } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { bytesOf, rowan, rows, type Shot } from "./sent.ts";

const FAILED = "00081198";
const REFERENCED = "00081199";
const OUR_CODE = "00091001";
const MEGABYTE = 1024 ** 2;

/** The identity provider in miniature: it signs tokens, and leaves the gateway's own to the region's door. */
async function identity(doorUrl: string) {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: "ES256", kid: "k" }] });
  const server = createServer(async (asked, response) => {
    if (asked.url === "/jwks") {
      response.writeHead(200, { "content-type": "application/json" }).end(jwks);
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of asked) pieces.push(piece);
    const answer = await fetch(`${doorUrl}${asked.url}`, {
      method: "POST",
      headers: { authorization: asked.headers.authorization ?? "" },
      body: Buffer.concat(pieces),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token: (clientId: string, odsCode: string, scope: string) =>
      new SignJWT({ client_id: clientId, org_code: odsCode, scope })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .setIssuer(url)
        .setAudience(doorUrl)
        .setExpirationTime("1h")
        .sign(privateKey),
    close: () => server.close(),
  };
}

describe("STOW-RS at the gateway", () => {
  let region: Region;
  let door: RegionDoor;
  let issuer: Awaited<ReturnType<typeof identity>>;
  let edge: EdgeProcess;
  let token: string;
  const configOf = (portalUrl: string) => ({
    region: {
      portalUrl,
      issuer: issuer.url,
      clientId: "gateway-RXC",
      clientSecret: "secret of gateway-RXC",
      dicomwebUrl: "http://region.example/dicomweb",
    },
    stowWaitSeconds: 20,
  });
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    issuer = await identity(door.url);
    edge = await edgeProcess({ regionUrl: door.url, config: configOf(door.url) });
    token = await issuer.token("system-RXC", "RXC", "inbox.write studies.read");
  });
  afterAll(async () => {
    await edge?.stop();
    issuer?.close();
    await door?.close();
    await region?.stop();
  });

  const shot = (more: Shot = {}) => {
    const uids = { study: mintUid(), series: mintUid(), sop: mintUid() };
    return { ...uids, bytes: bytesOf({ ...uids, ...more }) };
  };
  const url = (at: EdgeProcess, study = "") => `${at.httpUrl()}/dicomweb/studies${study && `/${study}`}`;
  const send = (objects: readonly Uint8Array[], { at = edge, as = token, study = "" } = {}) => {
    const { body, contentType } = related(objects);
    return post({ url: url(at, study), token: as, body, headers: { "content-type": contentType } });
  };

  it("sends on what it took, byte for byte, and answers with what the region said of each", async () => {
    const [good, wrong] = [shot(), shot({ of: rowan({ localNumber: "" }) })];
    const { status, dataset } = await send([good.bytes, wrong.bytes]);
    expect(status).toBe(202);
    const [stored] = sequence(dataset, REFERENCED);
    expect(text(stored ?? {}, "00081190")).toBe(
      `http://region.example/dicomweb/studies/${good.study}/series/${good.series}/instances/${good.sop}`,
    );
    const [failure] = sequence(dataset, FAILED);
    expect([number(failure ?? {}, "00081197"), text(failure ?? {}, OUR_CODE)]).toEqual([
      0xa900,
      "PATIENT_ID_MISSING",
    ]);
    const [row] = await rows<{ key: string }>(
      region,
      "SELECT object_key AS key FROM instance WHERE sop_instance_uid = $1",
      good.sop,
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of await region.service.ports.archive.read(row?.key ?? "")) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(Buffer.from(good.bytes))).toBe(true);
    expect((await send([good.bytes])).status).toBe(200);
  });

  it("refuses without a token, with one of another trust, and one that may not send", async () => {
    const { bytes } = shot();
    expect((await send([bytes], { as: "none" })).status).toBe(401);
    const others = await issuer.token("system-RA2", "RA2", "inbox.write");
    expect((await send([bytes], { as: others })).status).toBe(403);
    const reader = await issuer.token("system-RXC", "RXC", "studies.read");
    expect((await send([bytes], { as: reader })).status).toBe(403);
  });

  it("takes only objects of the study that the address names, and says 415 to metadata", async () => {
    const [one, other] = [shot(), shot()];
    const { status, dataset } = await send([one.bytes, other.bytes], { study: one.study });
    expect(status).toBe(202);
    expect(sequence(dataset, FAILED).map((item) => text(item, OUR_CODE))).toEqual(["STUDY_UID_DIFFERS"]);
    const headers = { "content-type": 'multipart/related; type="application/dicom+json"; boundary=b' };
    expect((await post({ url: url(edge), token, body: Buffer.from("--b--"), headers })).status).toBe(415);
  });

  it("keeps nothing of a request that broke off in its first object", async () => {
    const before = await edge.metric("weald_edge_received_total");
    const half = shot();
    const { body, contentType } = related([half.bytes]);
    const posted = request(url(edge), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": contentType,
        "content-length": body.length,
      },
    });
    posted.on("error", () => {});
    posted.write(body.subarray(0, 200));
    await until("the gateway has begun", () => readdirSync(path.join(edge.home, "incoming")).length > 0);
    posted.destroy();
    await until("the gateway has let go", () => readdirSync(path.join(edge.home, "incoming")).length === 0);
    expect(await edge.metric("weald_edge_received_total")).toBe(before);
  });

  describe("while the region is away", () => {
    let alone: EdgeProcess;
    beforeAll(async () => {
      const config = { ...configOf(door.url), stowWaitSeconds: 0.2 };
      // Nothing listens there; tokens are checked by keys that were fetched before.
      config.region.portalUrl = door.url;
      alone = await edgeProcess({ regionUrl: door.url, config });
      door.objectsThrough("http://127.0.0.1:9");
    });
    afterAll(async () => {
      door.objectsThrough(region.objectUrl);
      await alone?.stop();
    });

    function spooled(): string[] {
      const folder = path.join(alone.home, "spool");
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".dcm"))
        .map((name) => path.join(folder, name));
    }

    it("says 202 once an object is on its disk, and which are on their way", async () => {
      const one = shot();
      const { status, dataset, warning } = await send([one.bytes], { at: alone });
      expect(status).toBe(202);
      expect(warning).toContain("on the way");
      const [item] = sequence(dataset, REFERENCED);
      expect([text(item ?? {}, OUR_CODE), text(item ?? {}, "00081190")]).toEqual(["ON_ITS_WAY", undefined]);
      expect(spooled().some((file) => readFileSync(file).equals(Buffer.from(one.bytes)))).toBe(true);
    });

    it("takes 500 MB in one request, byte for byte, with flat memory", async () => {
      const size = 500 * MEGABYTE;
      const head = shot();
      const piece = Buffer.alloc(MEGABYTE, "\r\n--weald-tes");
      const hash = createHash("sha256");
      async function* body(): AsyncGenerator<Buffer> {
        yield Buffer.from("--weald-test\r\nContent-Type: application/dicom\r\n\r\n");
        hash.update(head.bytes);
        yield Buffer.from(head.bytes);
        for (let sent = 0; sent < size; sent += piece.length) {
          hash.update(piece);
          yield piece;
        }
        yield Buffer.from("\r\n--weald-test--\r\n");
      }
      const memory = () => {
        const status = readFileSync(`/proc/${alone.pid()}/status`, "utf8");
        return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
      };
      const before = memory();
      const answer = await fetch(url(alone), {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "multipart/related; type=application/dicom; boundary=weald-test",
        },
        body: Readable.toWeb(Readable.from(body())),
        duplex: "half",
      } as RequestInit);
      expect(answer.status).toBe(202);
      expect(memory() - before).toBeLessThan(150);
      const [large] = (await Promise.all(spooled().map(sumOf))).filter(({ length }) => length > size);
      expect(large?.sum).toBe(hash.digest("hex"));
    });
  });
});

async function sumOf(file: string): Promise<{ sum: string; length: number }> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const piece of createReadStream(file)) {
    hash.update(piece);
    length += piece.length;
  }
  return { sum: hash.digest("hex"), length };
}
