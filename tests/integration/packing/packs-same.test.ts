import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as Correction from "@weald/core/correction";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { ExportFolder, exportRecords } from "@weald/dev-env/export";
import { inProcessTakeout, Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partsOf } from "../../contract/dicomweb/parts-of.ts";
import { rowan, sendAll } from "../sent.ts";
import {
  decoded,
  frameOf,
  pack,
  packUrl,
  pixelsOf,
  rangeOf,
  readAll,
  rowsOf,
  seriesOf,
  slice,
} from "./packed.ts";

const SLICES = 4;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("a series that is packed, to whoever reads it", () => {
  let region: Region;
  let reader: Ctx;
  let manager: Ctx;
  let token: string;
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
    manager = region.as("tom.reyes@RXC");
    token = await region.tokenOf(region.system("RXC"));
  }, 60_000);
  afterAll(() => region.stop());

  async function sent(localNumber: string) {
    const of = rowan({ localNumber, family: `Aspen${localNumber}`, nhs: "" });
    const uids = { study: mintUid(), series: mintUid() };
    const shots = Array.from({ length: SLICES }, (_, index) => ({
      ...{ ...uids, of, sop: mintUid(), modality: "CT", number: index + 1 },
    }));
    await sendAll(region, "RXC", ...shots.map(slice));
    await region.drain();
    return { ...uids, localNumber, shots, ...(await seriesOf(region, uids.series)) };
  }
  type Sent = Awaited<ReturnType<typeof sent>>;

  const get = async (address: string, accept: string) => {
    const answer = await fetch(`${region.dicomwebUrl}${address}`, {
      headers: { authorization: `Bearer ${token}`, accept },
    });
    expect(answer.status, address).toBe(200);
    return answer;
  };
  const json = async (address: string): Promise<unknown> =>
    (await get(address, "application/dicom+json")).json();
  const parts = async (address: string, accept: string) =>
    (await partsOf(await get(address, accept))).map(({ headers, body }) => [
      headers["content-type"],
      sha256(body),
    ]);

  /** Everything that is taken out of a person's record, but for times and what was looked at meanwhile. */
  async function takenOut({ localNumber }: Sent): Promise<Record<string, string>> {
    const folder = mkdtempSync(path.join(tmpdir(), "weald-same-"));
    try {
      const whose = { kind: "local-number", localNumber } as const;
      const told = await exportRecords({
        ...{ api: inProcessTakeout(manager), whose },
        folder: await ExportFolder.open(folder, JSON.stringify(whose)),
      });
      expect(told).toMatchObject({ objects: SLICES, notTaken: [] });
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
        (file) =>
          statSync(path.join(folder, file)).isFile() && /^(dicom|fhir\/ImagingStudy|DICOMDIR)/.test(file),
      );
      expect(files.filter((file) => file.endsWith(".dcm"))).toHaveLength(SLICES);
      return Object.fromEntries(
        files.sort().map((file) => [file, sha256(readFileSync(path.join(folder, file)))]),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What every door says of the series, and the bytes that it gives. */
  async function saidOf(made: Sent) {
    const { study, series, shots, seriesId, studyId } = made;
    const below = `/studies/${study}/series/${series}`;
    const frames = shots.map(({ sop }) => `${below}/instances/${sop}/frames/1`);
    const originals = (await readAll(reader, seriesId)).map(({ packed: _packed, ...rest }) => rest);
    const { objects } = await Study.signObjects(reader, {
      ...{ studyId, instanceIds: originals.map(({ instanceId }) => instanceId) },
    });
    return {
      instances: await json(`${below}/instances?includefield=all`),
      ofStudy: await json(`/studies/${study}/instances?limit=2&offset=1`),
      metadata: await json(`${below}/metadata`),
      objects: await parts(below, 'multipart/related; type="application/dicom"; transfer-syntax=*'),
      frames: await Promise.all(
        frames.map((one) => parts(one, 'multipart/related; type="application/octet-stream"')),
      ),
      asStored: await Promise.all(
        frames.map((one) =>
          parts(one, 'multipart/related; type="application/octet-stream"; transfer-syntax=*'),
        ),
      ),
      viewer: originals,
      originals: objects.map((object) => "url" in object),
      takenOut: await takenOut(made),
    };
  }

  it("is the same in QIDO, in metadata, frames and objects of WADO-RS, in the viewer and taken out; folded too", async () => {
    const made = await sent("SAME-1");
    const before = await saidOf(made);
    expect(before.instances).toHaveLength(SLICES);
    expect(before.ofStudy).toHaveLength(2);
    // The addresses of its first images come along, those that are given to who asks for them.
    const unpacked = await Study.readSeries(reader, { seriesId: made.seriesId });
    expect(unpacked.packs).toEqual([]);
    expect(unpacked.objects.map(({ instanceId }) => instanceId)).toEqual(
      unpacked.instances.map(({ instanceId }) => instanceId),
    );
    const object = await fetch(unpacked.objects[0]?.url ?? "");
    expect((await object.arrayBuffer()).byteLength).toBe(unpacked.instances[0]?.sizeBytes);
    await pack(region);
    const packed = await readAll(reader, made.seriesId);
    expect(packed.every((one) => one.packed)).toBe(true);
    // The address of its pack comes along, and no other.
    const { objects, packs } = await Study.readSeries(reader, { seriesId: made.seriesId });
    expect(objects).toEqual([]);
    const packIds = packs.map(({ packId }) => packId);
    expect(packIds).toEqual([packed[0]?.packed?.packId]);
    const address = packs[0] && "url" in packs[0] ? packs[0].url : "";
    const whole = await rangeOf(address, frameOf(packed[0]));
    expect(Buffer.compare(await decoded(whole), pixelsOf(1))).toBe(0);
    expect(await saidOf(made)).toEqual(before);
    await region.fold();
    expect(await rowsOf(region, made.seriesId)).toBe(0);
    expect(await readAll(reader, made.seriesId)).toEqual(packed);
    expect(await saidOf(made)).toEqual(before);
  }, 60_000);

  it("a replaced image: who reads it in the middle is told, and never gets the old one under the new one's name", async () => {
    const made = await sent("SAME-2");
    await pack(region);
    const [old] = await readAll(reader, made.seriesId);
    const oldPack = old?.packed?.packId ?? "";
    const [first] = made.shots;
    if (!first || !old) throw new Error("nothing was sent");
    // Its pixels are those of another number.
    await sendAll(region, "RXC", slice({ ...first, number: 0 }));
    await region.drain();
    const { items } = await Ingest.listQuarantine(manager, {});
    const quarantineId = items.find(({ identity }) => identity.sopInstanceUid === first.sop)?.id ?? "";
    expect(await packUrl(reader, made.studyId, oldPack)).toBeDefined();
    await Ingest.solveConflict(manager, {
      ...{ way: "replace", quarantineIds: [quarantineId], hereInstanceId: old.instanceId },
      reason: "sent again after it was put right",
    });
    expect(await packUrl(reader, made.studyId, oldPack)).toBeUndefined();
    const between = await readAll(reader, made.seriesId);
    expect(between.map(({ packed }) => packed)).toEqual(Array(SLICES).fill(undefined));
    expect(between.map(({ instanceId }) => instanceId)).not.toContain(old.instanceId);
    await region.drain();
    await pack(region);
    const now = await readAll(reader, made.seriesId);
    expect(new Set(now.map(({ packed }) => packed?.packId)).size).toBe(1);
    const replaced = now.find(({ sopInstanceUid }) => sopInstanceUid === first.sop);
    const url = (await packUrl(reader, made.studyId, replaced?.packed?.packId ?? "")) ?? "";
    expect(Buffer.compare(await decoded(await rangeOf(url, frameOf(replaced))), pixelsOf(0))).toBe(0);
  }, 60_000);

  it("a corrected study: who opened it before gets no address of its pack; anew, the same pack under what stands now", async () => {
    const made = await sent("SAME-3");
    await pack(region);
    const { seriesId, studyId } = made;
    const opened = await Study.open(reader, { studyId });
    const [was] = await readAll(reader, seriesId);
    const packId = was?.packed?.packId ?? "";
    await Correction.ask(region.as("grace.fielding"), {
      ...{ kind: "correct", studyId, level: "study", ids: [], reason: "wrong label" },
      says: { description: "CT Thorax, put right" },
    });
    await region.drain();
    const { packs } = await Study.signObjects(reader, {
      ...{ studyId, instanceIds: [], packIds: [packId], servedVersion: opened.servedVersion },
    });
    expect(packs).toEqual([{ packId, gone: true, code: "CORRECTED" }]);
    const now = await readAll(reader, seriesId);
    expect(now[0]?.header["00081030"]?.Value).toEqual(["CT Thorax, put right"]);
    expect(now[0]?.version).toBeGreaterThan(was?.version ?? 0);
    expect(now[0]?.packed?.packId).toBe(packId);
    const url = (await packUrl(reader, studyId, packId)) ?? "";
    expect(Buffer.compare(await decoded(await rangeOf(url, frameOf(now[0]))), pixelsOf(1))).toBe(0);
  });
});
