import { createHash } from "node:crypto";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Operations from "@weald/core/operations";
import * as Packing from "@weald/core/packing";
import * as Patient from "@weald/core/patient";
import { StoreUnavailable } from "@weald/core/ports";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, rowan, rows, sendAll, sendUnfinished, systemCtx } from "../sent.ts";
import {
  decoded,
  endLeases,
  frameOf,
  pack,
  packUrl,
  pixelsOf,
  rangeOf,
  readAll,
  SIDE,
  seriesOf,
  slice,
  textOf,
} from "./packed.ts";

const SLICES = 40;
const lastOf = <T>(all: readonly T[]): T | undefined => all.at(-1);

describe("packs of settled series", () => {
  let region: Region;
  let reader: Ctx;
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("amara.okafor@RXC");
  }, 60_000);
  afterAll(() => region.stop());

  let people = 0;
  /** A series of so many images, of somebody of their own. */
  async function sent(count: number, trust = "RXC") {
    people += 1;
    const of = rowan({ localNumber: `PACK-${people}`, family: `Willow${people}`, nhs: "" });
    const uids = { study: mintUid(), series: mintUid() };
    const sops = Array.from({ length: count }, () => mintUid());
    const shots = sops.map((sop, index) => slice({ ...uids, of, sop, modality: "CT", number: index + 1 }));
    await sendAll(region, trust, ...shots);
    await region.drain();
    return { of, ...uids, sops, ...(await seriesOf(region, uids.series)) };
  }
  const packsOf = (seriesId: string) =>
    rows<{
      id: string;
      version: number;
      objectKey: string;
      manifestKey: string;
      sha256: string;
      isOut: boolean;
    }>(
      region,
      `SELECT id::text, version, object_key AS "objectKey", manifest_key AS "manifestKey", sha256,
         withdrawn_at IS NOT NULL AS "isOut" FROM pack WHERE series_id = $1::uuid ORDER BY version`,
      seriesId,
    );
  const stateOf = async (seriesId: string) =>
    (
      await rows<{ version: number; isDue: boolean; tries: number; failed: string | null }>(
        region,
        `SELECT version, due_at IS NOT NULL AS "isDue", tries, failed FROM series_packing WHERE series_id = $1::uuid`,
        seriesId,
      )
    )[0];

  it("holds every frame, bit for bit as it was sent, read by a range of one object; the originals stay", async () => {
    const { seriesId, studyId } = await sent(SLICES);
    const before = await readAll(reader, seriesId);
    expect(before.every(({ packed }) => packed === undefined)).toBe(true);
    await pack(region);
    const instances = await readAll(reader, seriesId);
    expect(instances.map(({ packed: _packed, ...rest }) => rest)).toEqual(
      before.map(({ packed: _packed, ...rest }) => rest),
    );
    const packIds = new Set(instances.map(({ packed }) => packed?.packId));
    expect(packIds.size).toBe(1);
    const url = (await packUrl(reader, studyId, instances[0]?.packed?.packId ?? "")) ?? "";
    for (const [index, instance] of instances.entries()) {
      const frame = frameOf(instance);
      const bytes = await rangeOf(url, frame);
      expect(Buffer.compare(await decoded(bytes), pixelsOf(index + 1))).toBe(0);
      expect(bytes.length).toBeLessThan(SIDE * SIDE * 2);
    }
  });

  it("counts the bytes of a trust's packs as they lie in the archive, and of no other's", async () => {
    await sent(2);
    await sent(3, "RA2");
    await pack(region);
    const all = await rows<{ custodian: string; key: string }>(
      region,
      "SELECT custodian, object_key AS key FROM pack WHERE object_key IS NOT NULL",
    );
    const { custodian, packs } = await Operations.readStorage(region.as("tom.reyes@RXC"), {});
    const keys = all.filter((one) => one.custodian === custodian).map(({ key }) => key);
    expect(keys.length).toBeLessThan(all.length);
    let sizeBytes = 0;
    for (const key of keys)
      for await (const chunk of await region.service.ports.archive.read(key)) sizeBytes += chunk.byteLength;
    expect(sizeBytes).toBeGreaterThan(0);
    expect(packs).toEqual({ packs: keys.length, sizeBytes });
  });

  it("says where each resolution ends: cut there it is a whole picture of that size", async () => {
    const { seriesId, studyId } = await sent(2);
    await pack(region);
    const [instance] = await readAll(reader, seriesId);
    const url = (await packUrl(reader, studyId, instance?.packed?.packId ?? "")) ?? "";
    const frame = frameOf(instance);
    expect(frame.ends).toHaveLength(2);
    expect(lastOf(frame.ends)).toBe(frame.length);
    const [lowest = 0] = frame.ends;
    const whole = await rangeOf(url, frame);
    const reduced = await decoded(whole.subarray(0, lowest), 1);
    expect(reduced).toHaveLength((SIDE / 2) ** 2 * 2);
    expect(Buffer.compare(reduced, await decoded(whole, 1))).toBe(0);
  });

  it("of a large series lays the lowest resolutions beside each other once more; of a small one it doesn't", async () => {
    const { seriesId, studyId } = await sent(SLICES);
    const small = await sent(3);
    await pack(region);
    const frames = (await readAll(reader, seriesId)).map((one) => frameOf(one));
    const spans = frames.map(({ preview }) => preview ?? { offset: -1, length: 0 });
    for (const [index, span] of spans.slice(1).entries())
      expect(span.offset).toBe((spans[index]?.offset ?? 0) + (spans[index]?.length ?? 0));
    const [first] = await readAll(reader, seriesId);
    const url = (await packUrl(reader, studyId, first?.packed?.packId ?? "")) ?? "";
    for (const { offset, ends, preview } of frames.slice(0, 3)) {
      const alone = await rangeOf(url, preview ?? { offset: 0, length: 1 });
      expect(Buffer.compare(alone, await rangeOf(url, { offset, length: ends[0] ?? 0 }))).toBe(0);
    }
    expect((await readAll(reader, small.seriesId)).map((one) => frameOf(one).preview)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("has a manifest of every image: metadata, places, geometry and checksums that hold", async () => {
    const place = (z: number) => ({
      "00200032": { vr: "DS", Value: [-60, -60, z] },
      "00200037": { vr: "DS", Value: [1, 0, 0, 0, 1, 0] },
      "00280030": { vr: "DS", Value: [0.5, 0.5] },
      "00200052": { vr: "UI", Value: ["1.2.3.4"] },
    });
    const uids = { study: mintUid(), series: mintUid() };
    const shots = [1, 2, 3].map((number) =>
      slice({ ...uids, of: rowan({ localNumber: "MANIFEST", nhs: "" }), number, more: place(number * 2) }),
    );
    await sendAll(region, "RXC", ...shots);
    await region.drain();
    const { seriesId } = await seriesOf(region, uids.series);
    await pack(region);
    const [row] = await packsOf(seriesId);
    const lines = (await textOf(region, row?.manifestKey ?? ""))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [head, ...rest] = lines;
    expect(head).toMatchObject({
      format: "weald-manifest/1",
      version: 1,
      studyInstanceUid: uids.study,
      seriesInstanceUid: uids.series,
      pack: { key: row?.objectKey, sha256: row?.sha256 },
    });
    expect(rest.at(-1)).toEqual({
      end: true,
      instances: 3,
      geometry: {
        frameOfReferenceUid: "1.2.3.4",
        orientation: [1, 0, 0, 0, 1, 0],
        pixelSpacing: [0.5, 0.5],
        firstPosition: [-60, -60, 2],
        lastPosition: [-60, -60, 6],
      },
    });
    const instances = await readAll(reader, seriesId);
    for (const [index, line] of rest.slice(0, -1).entries()) {
      expect(line).toMatchObject({
        instanceId: instances[index]?.instanceId,
        sopInstanceUid: instances[index]?.sopInstanceUid,
        packed: { frames: instances[index]?.packed?.frames },
        metadata: { "00200013": { Value: [index + 1] }, "00100020": { Value: ["MANIFEST"] } },
      });
      const original = createHash("sha256");
      for await (const chunk of await region.service.ports.archive.read(line.original.key))
        original.update(chunk);
      expect(original.digest("hex")).toBe(line.checksums.sha256Stored);
    }
    const packed = createHash("sha256");
    for await (const chunk of await region.service.ports.archive.read(row?.objectKey ?? ""))
      packed.update(chunk);
    expect(packed.digest("hex")).toBe(row?.sha256);
  });

  it("a late image opens the series: the pack goes on, the image comes as it was sent, and the next version has both", async () => {
    const { seriesId, studyId, of, study, series } = await sent(4);
    await pack(region);
    const [held] = await readAll(reader, seriesId);
    const heldPack = held?.packed?.packId ?? "";
    await sendUnfinished(region, "RXC", [slice({ of, study, series, number: 5 })]);
    const open = await readAll(reader, seriesId);
    expect(open.map(({ packed }) => packed?.packId)).toEqual([...Array(4).fill(heldPack), undefined]);
    await pack(region);
    expect(await packsOf(seriesId)).toHaveLength(1);
    await Study.settle(at(systemCtx(region), new Date(Date.now() + 61_000)), {});
    await region.drain();
    await pack(region);
    expect(await packsOf(seriesId)).toMatchObject([
      { version: 1, isOut: false },
      { version: 2, isOut: false },
    ]);
    const next = await readAll(reader, seriesId);
    expect(new Set(next.map(({ packed }) => packed?.packId)).size).toBe(1);
    expect(next[0]?.packed?.packId).not.toBe(heldPack);
    // Who opened it before goes on with what they hold.
    const url = (await packUrl(reader, studyId, heldPack)) ?? "";
    expect(Buffer.compare(await decoded(await rangeOf(url, frameOf(held))), pixelsOf(1))).toBe(0);
  });

  it("an image that is rejected ends every pack that holds it, at once, and the next has the others", async () => {
    const { seriesId, studyId, sops } = await sent(3);
    await pack(region);
    const [first] = await readAll(reader, seriesId);
    const packId = first?.packed?.packId ?? "";
    const rejected = first?.instanceId ?? "";
    await Correction.ask(region.as("grace.fielding"), {
      kind: "reject",
      studyId,
      level: "instance",
      ids: [rejected],
      code: "113001",
      reason: "the patient moved",
    });
    expect(await packUrl(reader, studyId, packId)).toBeUndefined();
    expect((await readAll(reader, seriesId)).map(({ packed }) => packed)).toEqual([undefined, undefined]);
    await pack(region);
    const left = await readAll(reader, seriesId);
    expect(left.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(sops.slice(1));
    expect(left.every(({ packed }) => packed && packed.packId !== packId)).toBe(true);
  });

  it("is given to nobody who may not have the whole series", async () => {
    const { seriesId, studyId, of } = await sent(2, "RA2");
    const elsewhere = await sent(1);
    await pack(region);
    const radiologist = region.as("amara.okafor");
    const [first] = await readAll(radiologist, seriesId);
    const packId = first?.packed?.packId ?? "";
    expect(await packUrl(radiologist, studyId, packId)).toBeDefined();
    expect(await packUrl(radiologist, elsewhere.studyId, packId)).toBeUndefined();
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RA2",
      localNumber: of.localNumber,
      sensitivities: ["s-flag"],
    });
    // Where it was made is masked for them from now on.
    const masked = await readAll(radiologist, seriesId);
    expect(masked.map(({ packed }) => packed)).toEqual([undefined, undefined]);
    const { objects, packs } = await Study.readSeries(radiologist, { seriesId });
    expect([objects, packs]).toEqual([[], []]);
    expect(await packUrl(radiologist, studyId, packId)).toBeUndefined();
  });

  it("publishes nothing of a series that changed while it was packed", async () => {
    await pack(region);
    const { seriesId, of, study, series } = await sent(2);
    const system = systemCtx(region);
    const { ports } = system.service;
    const packer: typeof ports.packer = {
      async pack(...asked) {
        const packed = await ports.packer.pack(...asked);
        await sendUnfinished(region, "RXC", [slice({ of, study, series, number: 3 })]);
        return packed;
      },
    };
    const late: Ctx = { ...system, service: { ...system.service, ports: { ...ports, packer } } };
    expect(await Packing.packNext(late, {})).toMatchObject({ packed: 0, givenUp: 0 });
    expect(await packsOf(seriesId)).toEqual([]);
    expect((await readAll(reader, seriesId)).map(({ packed }) => packed)).toEqual(Array(3).fill(undefined));
    expect(await stateOf(seriesId)).toMatchObject({ version: 0, isDue: true });
  });

  it("whoever is overtaken, their lease at an end, publishes nothing; that is no failure", async () => {
    await pack(region);
    const { seriesId } = await sent(2);
    const system = systemCtx(region);
    const { ports } = system.service;
    const packer: typeof ports.packer = {
      async pack(...asked) {
        const packed = await ports.packer.pack(...asked);
        await endLeases(region);
        await pack(region);
        return packed;
      },
    };
    const events: string[] = [];
    const log: typeof system.service.log = ({ event }) => void events.push(event);
    const late: Ctx = { ...system, service: { ...system.service, log, ports: { ...ports, packer } } };
    expect(await Packing.packNext(late, {})).toMatchObject({ packed: 0, givenUp: 0 });
    expect(events).toEqual(["pack.made"]);
    expect(await packsOf(seriesId)).toMatchObject([{ version: 1 }]);
    expect(await stateOf(seriesId)).toMatchObject({ version: 1, isDue: false, tries: 0, failed: null });
  });

  it("is made by one at a time, the longest due first; one whose maker died is done again", async () => {
    await pack(region);
    const one = await sent(1);
    const other = await sent(1);
    await rows(
      region,
      "UPDATE series_packing SET due_at = now() - interval '1 hour' WHERE series_id = $1::uuid RETURNING 1",
      other.seriesId,
    );
    const order: string[] = [];
    const system = systemCtx(region);
    const { ports } = system.service;
    const packer: typeof ports.packer = {
      async pack(instances, key) {
        order.push(instances[0]?.instanceId ?? "");
        // Another maker comes meanwhile: this one's is not theirs to take.
        if (order.length === 1) await Packing.packNext(late, {});
        return ports.packer.pack(instances, key);
      },
    };
    const late: Ctx = { ...system, service: { ...system.service, ports: { ...ports, packer } } };
    await Packing.packNext(late, {});
    const ids = await Promise.all(
      [other, one].map(async ({ seriesId }) => (await readAll(reader, seriesId))[0]?.instanceId),
    );
    expect(order).toEqual(ids);
    await rows(
      region,
      "UPDATE series_packing SET due_at = now(), lease_until = now() + interval '20 minutes' WHERE series_id = $1::uuid RETURNING 1",
      one.seriesId,
    );
    await pack(region);
    expect(await packsOf(one.seriesId)).toHaveLength(1);
    await endLeases(region);
    await pack(region);
    expect(await packsOf(one.seriesId)).toHaveLength(2);
  });

  it("what can't be packed now is tried later, then given up with a code, and tried anew once it changed", async () => {
    await pack(region);
    const { seriesId, of, study, series } = await sent(1);
    const system = systemCtx(region);
    const packer = {
      pack: async () => {
        throw new StoreUnavailable("it died");
      },
    };
    const tried = async (hours: number) => {
      const then = at(system, new Date(Date.now() + hours * 3_600_000));
      return Packing.packNext(
        { ...then, service: { ...then.service, ports: { ...then.service.ports, packer } } },
        {},
      );
    };
    expect(await tried(0)).toMatchObject({ packed: 0, givenUp: 0, isMore: true });
    expect(await tried(0)).toMatchObject({ isMore: false });
    for (const hours of [1, 3, 5, 7]) expect(await tried(hours)).toMatchObject({ givenUp: 0, isMore: true });
    expect(await tried(12)).toMatchObject({ givenUp: 1 });
    expect(await stateOf(seriesId)).toMatchObject({ isDue: false, failed: "STORE_UNAVAILABLE" });
    expect((await readAll(reader, seriesId))[0]?.packed).toBeUndefined();
    await sendAll(region, "RXC", slice({ of, study, series, number: 2 }));
    await region.drain();
    await pack(region);
    expect(await stateOf(seriesId)).toMatchObject({ version: 1, isDue: false, tries: 0, failed: null });
  });
});
