import { createDimsePeer } from "@weald/adapters/peer/dimse";
import { importByMove } from "@weald/dev-env/import";
import { inProcessApi, Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALLED, type EdgeProcess, edgeProcess } from "../../integration/edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "../../integration/edge/region-door.ts";
import { bytesOf, rowan, rows } from "../../integration/sent.ts";
import { missingForOrthanc, type Orthanc, startOrthanc } from "../dicomweb/orthanc.ts";

const missing = missingForOrthanc();
if (missing)
  process.stdout.write(`LEFT OUT an old archive that is imported by C-FIND and C-MOVE: ${missing}\n`);

describe.skipIf(missing)("an old archive that speaks DIMSE", () => {
  let region: Region;
  let door: RegionDoor;
  let edge: EdgeProcess;
  let orthanc: Orthanc;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    edge = await edgeProcess({
      regionUrl: door.url,
      config: { applicationEntities: [{ title: "ORTHANC" }] },
    });
    orthanc = await startOrthanc({ modalities: { weald: [CALLED, "127.0.0.1", edge.dimsePort()] } });
  });
  afterAll(async () => {
    await orthanc?.stop();
    await edge?.stop();
    await door?.close();
    await region?.stop();
  });

  const put = (bytes: Uint8Array) =>
    fetch(`${orthanc.url}/instances`, { method: "POST", body: Uint8Array.from(bytes) });
  const bring = (wanted: { from?: string; to?: string; patientIds?: string[] }, timeoutMs = 30_000) =>
    importByMove({
      api: inProcessApi(region.gateway("RXC")),
      peer: createDimsePeer({ host: "127.0.0.1", port: orthanc.dicomPort, title: "ORTHANC", as: "IMPORT" }),
      wanted: { patientIds: [], ...wanted },
      to: CALLED,
      rates: {},
      timeoutMs,
      pollMs: 50,
    });

  it("sends each study of the wanted days to the gateway, and is reckoned up by name", async () => {
    const [study, series] = [mintUid(), mintUid()];
    for (const number of [1, 2, 3]) await put(bytesOf({ study, series, number, date: "20150102" }));
    const unwanted = mintUid();
    await put(bytesOf({ study: unwanted, date: "20250101" }));
    const [short, lost] = [mintUid(), mintUid()];
    await put(bytesOf({ study: short, sop: lost, date: "20150103", of: rowan({ localNumber: "" }) }));
    const told = await bring({ from: "20150101", to: "20150104" });
    expect(told.studies).toEqual([
      { studyInstanceUid: study, atSource: 3, here: 3, heldOfStudy: 3 },
      { studyInstanceUid: short, atSource: 1, here: 0, heldOfStudy: 0 },
    ]);
    expect(told.differences).toMatchObject([{ sopInstanceUid: lost, code: "PATIENT_ID_MISSING" }]);
    expect(await rows(region, "SELECT 1 FROM study WHERE study_instance_uid = $1", unwanted)).toEqual([]);
    // Again: all of it has an outcome, so nothing is asked for.
    const before = await edge.metric("weald_edge_received_total");
    await bring({ from: "20150101", to: "20150104" });
    expect(await edge.metric("weald_edge_received_total")).toBe(before);
  });

  it("takes only the wanted patients, and says of a peer that doesn't answer that it doesn't", async () => {
    const study = mintUid();
    await put(bytesOf({ study, date: "20100101", of: rowan({ localNumber: "OLD-77", nhs: "" }) }));
    const told = await bring({ patientIds: ["OLD-77"] });
    expect(told.studies.map(({ studyInstanceUid, here }) => [studyInstanceUid, here])).toEqual([[study, 1]]);
    const nobody = createDimsePeer({ host: "127.0.0.1", port: 9, title: "ORTHANC", as: "IMPORT" });
    await expect(nobody.studies({})).rejects.toMatchObject({ code: "PEER_FAILED", status: 0 });
  });
});
