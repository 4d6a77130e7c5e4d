import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createDicomwebPeer } from "@weald/adapters/peer/dicomweb";
import { dicomwebOffers, ImportState, importObjects } from "@weald/dev-env/import";
import { inProcessApi, Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, rows } from "../../integration/sent.ts";
import { missingForOrthanc, type Orthanc, startOrthanc } from "./orthanc.ts";

const missing = missingForOrthanc();
if (missing) process.stdout.write(`LEFT OUT Orthanc as a client that stores and as a peer: ${missing}\n`);

describe.skipIf(missing)("Orthanc and its DICOMweb plugin", () => {
  let region: Region;
  let orthanc: Orthanc;
  let folder: string;
  beforeAll(async () => {
    region = await Region.create();
    await region.cloud.start();
    const token = await region.tokenOf(region.system("RXC"));
    const weald = { Url: `${region.dicomwebUrl}/`, HttpHeaders: { Authorization: `Bearer ${token}` } };
    orthanc = await startOrthanc({ servers: { weald } });
    folder = mkdtempSync(path.join(tmpdir(), "weald-orthanc-import-"));
  });
  afterAll(async () => {
    await orthanc?.stop();
    await region?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function put(bytes: Uint8Array): Promise<string> {
    const answer = await fetch(`${orthanc.url}/instances`, { method: "POST", body: Uint8Array.from(bytes) });
    const said = await answer.json();
    expect(said.Status).toBe("Success");
    return said.ParentStudy;
  }
  async function storedBytes(sop: string): Promise<Buffer> {
    const [row] = await rows<{ key: string }>(
      region,
      "SELECT object_key AS key FROM instance WHERE sop_instance_uid = $1",
      sop,
    );
    const pieces: Uint8Array[] = [];
    for await (const piece of await region.service.ports.archive.read(row?.key ?? "")) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  it("sends a study to us as a STOW-RS client, byte for byte", async () => {
    const [study, series] = [mintUid(), mintUid()];
    const sent = [1, 2, 3].map((number) => {
      const sop = mintUid();
      return { sop, bytes: bytesOf({ study, series, sop, number }) };
    });
    let id = "";
    for (const { bytes } of sent) id = await put(bytes);
    const answer = await fetch(`${orthanc.dicomweb}/servers/weald/stow`, {
      method: "POST",
      body: JSON.stringify({ Resources: [id], Synchronous: true }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
    for (const { sop, bytes } of sent) expect((await storedBytes(sop)).equals(Buffer.from(bytes))).toBe(true);
  });

  it("is an old archive from which a trust's images are imported, byte for byte, and reckoned up", async () => {
    const study = mintUid();
    const kept = [1, 2, 3, 4].map((number) => {
      const sop = mintUid();
      return { sop, bytes: bytesOf({ study, sop, number, date: "20150101" }) };
    });
    for (const { bytes } of kept) await put(bytes);
    await put(bytesOf({ date: "20250101" }));
    const state = await ImportState.open(path.join(folder, "state"), { trust: "RXC", source: "orthanc" });
    const peer = createDicomwebPeer({ url: orthanc.dicomweb });
    const wanted = { from: "20150101", to: "20151231", patientIds: [] };
    const told = await importObjects(dicomwebOffers(peer, wanted, path.join(folder, "fetched")), {
      api: inProcessApi(region.gateway("RXC")),
      state,
      rates: {},
      timeoutMs: 60_000,
      pollMs: 50,
    });
    await state.close();
    expect(told).toEqual({
      studies: [{ studyInstanceUid: study, atSource: 4, here: 4, heldOfStudy: 4 }],
      differences: [],
    });
    for (const { sop, bytes } of kept) expect((await storedBytes(sop)).equals(Buffer.from(bytes))).toBe(true);
  });
});
