import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { get, median, round, stow, timed } from "./ask.ts";
import { LOADS, type Load, objectsOf, seriesOf } from "./loads.ts";
import { memoryMb, type Peer } from "./peer.ts";

const run = promisify(execFile);
export type Line = { line: string; peer: string; [measure: string]: string | number };

const rates = (began: number, objects: readonly Uint8Array[]) => {
  const seconds = (performance.now() - began) / 1000;
  const megabytes = objects.reduce((sum, one) => sum + one.length, 0) / 1e6;
  return {
    seconds: round(seconds),
    objectsPerSecond: round(objects.length / seconds),
    megabytesPerSecond: round(megabytes / seconds),
  };
};

/** From the first request to the last answer: one object a request, each sender waits for its answer. */
export async function stowLine(peer: Peer, load: Load, senders: number): Promise<Line> {
  const all = objectsOf(load, senders);
  const began = performance.now();
  await Promise.all(
    all.map(async (objects) => {
      for (const object of objects) await stow(peer, [object]);
    }),
  );
  const said = rates(began, all.flat());
  await peer.settled();
  return { line: `STOW ${load.name}, ${senders} senders`, peer: peer.name, ...said };
}

/** DCMTK's storescu, an association a sender. `indexed…`: until what was acknowledged can be found. */
export async function storeLine(peer: Peer, load: Load, senders: number): Promise<Line> {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-bench-cstore-"));
  try {
    const all = objectsOf(load, senders);
    const folders = all.map((objects, sender) => {
      const own = mkdtempSync(path.join(folder, `${sender}-`));
      for (const [index, object] of objects.entries()) writeFileSync(path.join(own, `${index}.dcm`), object);
      return own;
    });
    const { aeTitle, port } = peer.dimse;
    const began = performance.now();
    await Promise.all(
      folders.map((own) =>
        run("storescu", ["-aet", "STORESCU", "-aec", aeTitle, "+sd", "127.0.0.1", String(port), own]),
      ),
    );
    const said = rates(began, all.flat());
    await peer.settled();
    return {
      line: `C-STORE ${load.name}, ${senders} senders`,
      peer: peer.name,
      ...said,
      indexedSeconds: round((performance.now() - began) / 1000),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As it is measured, for whoever watches. */
function told(line: Line): Line {
  process.stderr.write(`${JSON.stringify(line)}\n`);
  return line;
}

export async function ingestLines(peer: Peer): Promise<Line[]> {
  const lines: Line[] = [];
  for (const load of LOADS)
    for (const senders of [1, 8]) {
      lines.push(told(await stowLine(peer, load, senders)));
      lines.push(told(await storeLine(peer, load, senders)));
    }
  return [...lines, { line: "memory after ingest", peer: peer.name, megabytes: memoryMb(peer.pid) }];
}

const JSON_TYPE = "application/dicom+json";

/** What PACS and viewers ask of many studies (tests/fixtures/many-studies.ts). */
export async function queryLines(peer: Peer, studies: number): Promise<Line[]> {
  const queries: Record<string, string> = {
    "QIDO by patient": "/studies?PatientID=MANY-77",
    "QIDO by date range and modality": "/studies?StudyDate=20200301-20200331&ModalitiesInStudy=CT&limit=100",
    "QIDO first page": "/studies?limit=50",
    "QIDO deep page": `/studies?limit=50&offset=${Math.min(9_950, Math.floor(studies * 0.9))}`,
  };
  const lines: Line[] = [];
  for (const [name, path] of Object.entries(queries)) {
    const took = await timed(15, () => get(peer, path, JSON_TYPE));
    lines.push({ line: `${name}, ${studies} studies`, peer: peer.name, medianMs: round(median(took)) });
  }
  return lines;
}

const READERS = 8;
const INSTANCES = 500;

/** A series of 500 CT images: its metadata, then every frame once by each of 8 readers side by side. */
export async function readingLines(peer: Peer): Promise<Line[]> {
  const { study, series, objects } = seriesOf(INSTANCES, 512);
  for (let at = 0; at < objects.length; at += 4) await stow(peer, objects.slice(at, at + 4));
  await peer.settled();
  const base = `/studies/${study}/series/${series}`;
  const took = await timed(5, () => get(peer, `${base}/metadata`, JSON_TYPE));
  const listed = await fetch(`${peer.dicomweb}${base}/instances`, {
    headers: { ...peer.headers, accept: JSON_TYPE },
  });
  const instances: { "00080018": { Value: string[] } }[] = await listed.json();
  const uids = instances.map((one) => one["00080018"].Value[0] ?? "");
  if (uids.length !== INSTANCES) throw new Error(`${peer.name} lists ${uids.length} of ${INSTANCES}`);
  const began = performance.now();
  let bytes = 0;
  await Promise.all(
    Array.from({ length: READERS }, async (_, reader) => {
      for (let step = reader; step < uids.length; step += READERS)
        bytes += await get(
          peer,
          `${base}/instances/${uids[step]}/frames/1`,
          'multipart/related; type="application/octet-stream"; transfer-syntax=*',
        );
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  return [
    { line: "metadata of a 500-instance series", peer: peer.name, medianMs: round(median(took)) },
    {
      line: "frames, 8 readers",
      peer: peer.name,
      framesPerSecond: round(uids.length / seconds),
      megabytesPerSecond: round(bytes / 1e6 / seconds),
    },
    { line: "memory after reading", peer: peer.name, megabytes: memoryMb(peer.pid) },
  ];
}
