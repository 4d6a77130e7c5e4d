import { createHash, randomUUID } from "node:crypto";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { inProcessApi, Region } from "@weald/dev-env/region";
import { bytesSource, sendSources } from "@weald/dev-env/send";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BadLine, badLine } from "../../fixtures/bad-line.ts";
import { picture } from "../../fixtures/picture.ts";
import { type S3, startS3 } from "../s3/start-s3.ts";
import { ask } from "./ask.ts";
import { PORTAL } from "./harness.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function regionOn(s3: S3, endpoint: string): Promise<Region> {
  const run = randomUUID().slice(0, 8);
  const [inbox, archive] = [`weald-${run}-inbox`, `weald-${run}-archive`];
  await s3.createBucket(inbox, PORTAL);
  await s3.createBucket(archive, PORTAL);
  for (const name of ["shares", "spool", "seals"]) await s3.createBucket(`weald-${run}-${name}`, PORTAL);
  return Region.create({
    environment: {
      WEALD_S3_ENDPOINT: endpoint,
      WEALD_S3_REGION: s3.region,
      WEALD_S3_INBOX_BUCKET: inbox,
      WEALD_S3_ARCHIVE_BUCKET: archive,
      WEALD_S3_SHARES_BUCKET: `weald-${run}-shares`,
      WEALD_S3_SPOOL_BUCKET: `weald-${run}-spool`,
      WEALD_S3_SEALS_BUCKET: `weald-${run}-seals`,
      WEALD_S3_ACCESS_KEY: s3.credentials.accessKeyId,
      WEALD_S3_SECRET_KEY: s3.credentials.secretAccessKey,
    },
  });
}

/** As the bucket's own notifications would: Ceph's need a topic and an endpoint that speaks its own protocol. */
async function tellOfArrivals({ service, cloud }: Region): Promise<void> {
  for await (const { key, sizeBytes, etag } of service.ports.inbox.list("inbox/"))
    await cloud.objectCreated({ bucket: "inbox", key, sizeBytes, etag });
}

const sendAll = (region: Region, files: readonly Uint8Array[]) =>
  sendSources(
    files.map((bytes, index) => bytesSource(`${index}.dcm`, "dicom", bytes)),
    {
      api: inProcessApi(region.gateway("RXC")),
      timeoutMs: 60_000,
      beforePoll: async () => {
        // What isn't told of now is told of at the next look, as S3 tells again.
        await tellOfArrivals(region).catch(() => undefined);
        await region.drain();
      },
    },
  );

const SEED = Number(process.env.WEALD_FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const s3 = await startS3("a whole journey on S3");
afterAll(() => s3?.stop());

if (s3)
  describe("a region whose object store is S3", () => {
    let region: Region;
    let line: BadLine;
    beforeAll(async () => {
      const at = new URL(s3.endpoint);
      line = await badLine(Number(at.port), SEED);
      at.port = String(line.port);
      region = await regionOn(s3, at.origin);
    });
    afterAll(async () => {
      await region?.stop();
      await line?.close();
    });

    it("a study sent by a trust is read in another by byte range, from the portal's pages, bit for bit", async () => {
      const [study, series] = ["2.25.1", "2.25.2"].map((root) => `${root}${Date.now()}`) as [string, string];
      const files = [1, 2, 3].map((number) => picture({ study, series, number }));
      const sent = await sendAll(region, files);
      expect(sent.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"]);

      const ctx = region.as("rohan.patel");
      const row = (await Worklist.list(ctx, {})).rows.find((one) => one.studyInstanceUid === study);
      const opened = await Study.open(ctx, { studyId: row?.studyId ?? "" });
      const { instances } = await Study.readSeries(ctx, { seriesId: opened.series[0]?.seriesId ?? "" });
      expect(instances).toHaveLength(3);
      const { objects } = await Study.signObjects(ctx, {
        studyId: opened.studyId,
        instanceIds: instances.map(({ instanceId }) => instanceId),
      });
      const whole: string[] = [];
      for (const [index, object] of objects.entries()) {
        if ("gone" in object) throw new Error("no URL");
        const [frame] = instances[index]?.frames ?? [];
        const { offset = 0, length = 0 } = frame ?? {};
        const part = await ask(object.url, {
          headers: { origin: PORTAL, range: `bytes=${offset}-${offset + length - 1}` },
        });
        expect(part.status).toBe(206);
        expect(part.headers["access-control-allow-origin"]).toBe(PORTAL);
        expect(part.headers["content-type"]).toBe("application/dicom");
        // One value fills each picture: the frame is nothing but its pixels.
        expect(part.bytes.equals(Buffer.alloc(96 * 96 * 2, part.bytes[0]))).toBe(true);
        whole.push(sha256((await ask(object.url)).bytes));
      }
      expect(whole.sort()).toEqual(files.map(sha256).sort());
      const left: string[] = [];
      for await (const { key } of region.service.ports.inbox.list("")) left.push(key);
      expect(left).toEqual([]);
    });

    it(`over a line that is cut, refuses and answers 503 (seed ${SEED}) what was sent arrives once, bit for bit`, async () => {
      const [study, series] = ["2.25.3", "2.25.4"].map((root) => `${root}${Date.now()}`) as [string, string];
      const files = Array.from({ length: 12 }, (_, number) => picture({ study, series, number }));
      line.become({ cut: 0.05, refused: 0.2, answers503: 0.3 });
      const sent = await sendAll(region, files);
      const { cut, refused, answered503 } = line.harm();
      line.become({});
      expect(cut + refused + answered503).toBeGreaterThan(1);
      // Said again, whatever the line did to the first saying: it is there, and it is the same.
      const again = await sendAll(region, files);
      expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["duplicate"]));
      expect(sent.filter(({ outcome }) => outcome === "quarantined")).toEqual([]);
      const ctx = region.as("rohan.patel");
      const row = (await Worklist.list(ctx, {})).rows.find((one) => one.studyInstanceUid === study);
      const studyId = row?.studyId ?? "";
      const opened = await Study.open(ctx, { studyId });
      const { instances } = await Study.readSeries(ctx, { seriesId: opened.series[0]?.seriesId ?? "" });
      const { objects } = await Study.signObjects(ctx, {
        studyId,
        instanceIds: instances.map(({ instanceId }) => instanceId),
      });
      const whole: string[] = [];
      for (const object of objects) {
        if ("gone" in object) throw new Error("no URL");
        whole.push(sha256((await ask(object.url)).bytes));
      }
      expect(whole.sort()).toEqual(files.map(sha256).sort());
    });
  });
// What was left out is said above; a file without a test would be an error.
else it("is left out where there is no S3", () => expect(s3).toBeUndefined());
