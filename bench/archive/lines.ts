import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { get, median, round, stow } from "./ask.ts";
import { type Load, objectsOf, seriesOf } from "./loads.ts";
import { cpuMs, type Peer } from "./peer.ts";
import type { Rate } from "./rates.ts";

export const ask = { get, median, round };
const run = promisify(execFile);

const secondsSince = (began: number) => (performance.now() - began) / 1000;
const sizeOf = (objects: readonly Uint8Array[]) => ({
  objects: objects.length,
  bytes: objects.reduce((sum, one) => sum + one.length, 0),
});

/** From the first request to the last answer: one object a request, each sender waits for its answer. */
export async function stowRound(peer: Peer, load: Load, senders: number): Promise<Rate> {
  const all = objectsOf(load, senders);
  const [began, cpu] = [performance.now(), cpuMs(peer.pids)];
  await Promise.all(
    all.map(async (objects) => {
      for (const object of objects) await stow(peer, [object]);
    }),
  );
  const seconds = secondsSince(began);
  await peer.settled();
  return { ...sizeOf(all.flat()), seconds, cpuMs: cpuMs(peer.pids) - cpu };
}

/** DCMTK's storescu would hold each object back by 40 ms without it, for its own reasons, whoever is called. */
const STORESCU_ENV = { ...process.env, TCP_NODELAY: "1" };

/** DCMTK's storescu, an association a sender. `settledSeconds`: until what was acknowledged can be found. */
export async function storeRound(peer: Peer, load: Load, senders: number): Promise<Rate> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-cstore-"));
  try {
    const all = objectsOf(load, senders);
    const folders = all.map((objects, sender) => {
      const own = mkdtempSync(path.join(folder, `${sender}-`));
      for (const [index, object] of objects.entries()) writeFileSync(path.join(own, `${index}.dcm`), object);
      return own;
    });
    const { aeTitle, port } = peer.dimse;
    const options = (own: string) => [
      "-aet",
      "STORESCU",
      "-aec",
      aeTitle,
      "+sd",
      "127.0.0.1",
      String(port),
      own,
    ];
    const [began, cpu] = [performance.now(), cpuMs(peer.pids)];
    await Promise.all(folders.map((own) => run("storescu", options(own), { env: STORESCU_ENV })));
    const seconds = secondsSince(began);
    await peer.settled();
    const settledSeconds = secondsSince(began);
    return { ...sizeOf(all.flat()), seconds, settledSeconds, cpuMs: cpuMs(peer.pids) - cpu };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const JSON_TYPE = "application/dicom+json";
const FRAME_TYPE = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const READERS = 8;
const INSTANCES = 500;
const IN_ONE_REQUEST = 4;

export type Reading = { metadataMs(): Promise<number>; frames(): Promise<Rate> };

/** A series of 500 CT images is stored: its metadata, and every frame once by 8 readers side by side. */
export async function readings(peer: Peer): Promise<Reading> {
  const { study, series, objects } = seriesOf(INSTANCES, 512);
  for (let at = 0; at < objects.length; at += IN_ONE_REQUEST)
    await stow(peer, objects.slice(at, at + IN_ONE_REQUEST));
  await peer.settled();
  const base = `/studies/${study}/series/${series}`;
  const listed = await fetch(`${peer.dicomweb}${base}/instances`, {
    headers: { ...peer.headers, accept: JSON_TYPE },
  });
  const instances: { "00080018": { Value: string[] } }[] = await listed.json();
  const uids = instances.map((one) => one["00080018"].Value[0] ?? "");
  if (uids.length !== INSTANCES) throw new Error(`${peer.name} lists ${uids.length} of ${INSTANCES}`);
  await get(peer, `${base}/metadata`, JSON_TYPE);
  return {
    async metadataMs() {
      const began = performance.now();
      await get(peer, `${base}/metadata`, JSON_TYPE);
      return performance.now() - began;
    },
    async frames() {
      const [began, cpu] = [performance.now(), cpuMs(peer.pids)];
      let bytes = 0;
      await Promise.all(
        Array.from({ length: READERS }, async (_, reader) => {
          for (let step = reader; step < uids.length; step += READERS) {
            const frame = await get(peer, `${base}/instances/${uids[step]}/frames/1`, FRAME_TYPE);
            bytes += frame;
          }
        }),
      );
      return { objects: uids.length, bytes, seconds: secondsSince(began), cpuMs: cpuMs(peer.pids) - cpu };
    },
  };
}
