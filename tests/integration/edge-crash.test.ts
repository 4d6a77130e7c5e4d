import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { chance } from "@weald/dev-env/phantoms";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writeDataset, writeMetaHeader } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepResult } from "./crash/keep-result.ts";
import { type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type Relay, relay } from "./edge/relay.ts";
import { DX, store } from "./edge/scu.ts";
import { datasetOf, rows } from "./sent.ts";

const isLong = Boolean(process.env.WEALD_SOAK);
const STORES = isLong ? 1000 : 100;
/** So that it ends on a slow machine too: the rest is then sent in peace. */
const MOST_DISTURBED = STORES / 5;
const SEED = Number(process.env.WEALD_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const SENDERS = 4;
const A_TIME = 5;
const MODALITIES = ["CT1", "MR1"];

type Acknowledged = { sopInstanceUid: string; sha256: string };
type InstanceRow = { sop_instance_uid: string; object_key: string; sha256_stored: string };

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("a gateway killed by kill -9, and its network cut", () => {
  let region: Region;
  let door: RegionDoor;
  let api: Relay;
  let objects: Relay;
  let edge: EdgeProcess;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    [api, objects] = [await relay(door.url), await relay(region.objectUrl)];
    door.objectsThrough(objects.url);
    edge = await edgeProcess({ regionUrl: api.url });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
    await objects?.close();
    await door?.close();
    await region?.stop();
  });

  const study = mintUid();
  const series = mintUid();

  function objectOf(number: number, calling: string) {
    const sopInstanceUid = mintUid();
    // Some take several PDUs, so that they are cut in the middle.
    const dataset = datasetOf({ study, series, sop: sopInstanceUid, number });
    if (number % 3 === 0) dataset["00204000"] = { vr: "UT", Value: ["x".repeat(200_000 * (number % 5))] };
    const bytes = writeDataset(dataset, EXPLICIT_LITTLE);
    const meta = writeMetaHeader({
      sopClassUid: DX,
      sopInstanceUid,
      transferSyntaxUid: EXPLICIT_LITTLE,
      sourceAeTitle: calling,
    });
    return { sopInstanceUid, dataset: bytes, sha256: sha256(Buffer.concat([meta, bytes])) };
  }

  /** A modality: what isn't answered with success it sends again. */
  async function modality(calling: string, numbers: number[], acknowledged: Acknowledged[]): Promise<void> {
    let waiting = numbers.map((number) => objectOf(number, calling));
    while (waiting.length > 0) {
      const now = waiting.slice(0, A_TIME);
      const answers = await store({ port: edge.dimsePort(), calling }, now);
      const done = now.filter((_, index) => answers[index] === 0);
      acknowledged.push(...done.map(({ sopInstanceUid, sha256: sum }) => ({ sopInstanceUid, sha256: sum })));
      waiting = waiting.filter((one) => !done.includes(one));
      if (done.length < now.length) await wait(20);
    }
  }

  it(
    `${STORES} C-STOREs, by seed ${SEED}: what was answered with success arrives once, byte for byte`,
    async () => {
      process.stdout.write(`edge crash test: ${STORES} stores by WEALD_CRASH_SEED=${SEED}\n`);
      const random = chance(SEED);
      const acknowledged: Acknowledged[] = [];
      let isOver = false;
      const shares = Array.from({ length: SENDERS }, (_, sender) =>
        Array.from({ length: STORES / SENDERS }, (_unused, index) => sender * (STORES / SENDERS) + index + 1),
      );
      const sending = Promise.all(
        shares.map((numbers, sender) => modality(MODALITIES[sender % 2] ?? "CT1", numbers, acknowledged)),
      ).finally(() => {
        isOver = true;
      });
      const done = { kills: 0, cuts: 0 };
      const began = performance.now();
      const isEnough = () => done.kills + done.cuts >= MOST_DISTURBED;
      while ((!isOver && !isEnough()) || done.kills < 3 || done.cuts < 3) {
        await wait(50 + random() * 400);
        if (random() < 0.6) {
          await edge.kill();
          await edge.start();
          done.kills += 1;
        } else {
          const line = random() < 0.5 ? api : objects;
          line.cut();
          await wait(random() * 200);
          line.mend();
          done.cuts += 1;
        }
      }
      await sending;
      process.stdout.write(`edge crash test: ${done.kills} kills, ${done.cuts} cuts\n`);
      await edge.settled();
      await region.drain();
      expect(acknowledged).toHaveLength(STORES);
      const found = await rows<InstanceRow>(
        region,
        "SELECT sop_instance_uid, object_key, sha256_stored FROM instance",
      );
      const byUid = new Map(found.map((row) => [row.sop_instance_uid, row]));
      expect(byUid.size).toBe(found.length);
      expect(found).toHaveLength(STORES);
      for (const { sopInstanceUid, sha256: sum } of acknowledged) {
        const row = byUid.get(sopInstanceUid);
        expect(row?.sha256_stored).toBe(sum);
        const pieces: Uint8Array[] = [];
        for await (const piece of await region.service.ports.archive.read(row?.object_key ?? ""))
          pieces.push(piece);
        expect(sha256(Buffer.concat(pieces))).toBe(sum);
      }
      const seconds = (performance.now() - began) / 1000;
      if (isLong)
        keepResult("edge-crash", { seed: SEED, stores: STORES, ...done, lost: 0, twice: 0, seconds });
    },
    120_000 + STORES * 900,
  );
});
