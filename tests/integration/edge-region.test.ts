import * as Operations from "@weald/core/operations";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALLED, type EdgeProcess, edgeProcess, until } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type StoreScp, storeScp } from "./edge/store-scp.ts";
import { bytesOf, dicom, rowan, rows, sendAll } from "./sent.ts";

const { requests } = dimse;
type Request = InstanceType<typeof requests.Request>;
type Response = InstanceType<typeof dimse.responses.Response>;

describe("C-FIND and C-MOVE through the region's own doors", () => {
  let region: Region;
  let door: RegionDoor;
  let edge: EdgeProcess;
  let workstation: StoreScp;
  const study = mintUid();
  const series = mintUid();
  const sops = [mintUid(), mintUid()];
  const held = new Map<string, Buffer>();
  const elsewhere = mintUid();

  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    workstation = await storeScp();
    for (const [index, sop] of sops.entries())
      held.set(sop, Buffer.from(bytesOf({ study, series, sop, number: index + 1, accession: "Q1" })));
    await sendAll(region, "RXC", ...[...held.values()].map(dicom));
    await sendAll(
      region,
      "RTK",
      dicom(bytesOf({ study: elsewhere, accession: "Q1", of: rowan({ localNumber: "RTK-9" }) })),
    );
    const client = (scope: string) => ({ id: "system-RXC", secret: "secret of system-RXC", scope });
    edge = await edgeProcess({
      regionUrl: door.url,
      config: {
        region: {
          portalUrl: door.url,
          issuer: door.url,
          dicomwebUrl: region.dicomwebUrl,
          clientId: "gateway-RXC",
          clientSecret: "secret of gateway-RXC",
        },
        applicationEntities: [
          { title: "PACS1", client: client("studies.read") },
          { title: "WS1", host: "127.0.0.1", port: workstation.port },
        ],
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    workstation?.close();
    await door?.close();
    await region?.stop();
  });

  it("tells the region how it stands, for the trust's PACS managers", async () => {
    const read = async () => (await Operations.readGateways(region.as("tom.reyes"), {})).gateways;
    await until("the gateway has told how it stands", async () => (await read()).length > 0);
    expect(await read()).toMatchObject([
      {
        ...{ clientId: "gateway-RXC", link: "heard", waitingCount: 0, isRefusing: false },
        ...{ version: expect.stringMatching(/^\d+\.\d+/), freeBytes: expect.any(Number) },
      },
    ]);
  });

  function ask(request: Request): Promise<Response[]> {
    const all: Response[] = [];
    request.on("response", (response: Response) => all.push(response));
    const asking = new dimse.Client();
    asking.addRequest(request);
    return new Promise((resolve) => {
      asking.on("networkError", () => {});
      asking.on("closed", () => resolve(all));
      asking.send("127.0.0.1", edge.dimsePort(), "PACS1", CALLED);
    });
  }
  const valuesOf = (answers: readonly Response[], name: string) =>
    answers.slice(0, -1).map((answer) => answer.getDataset()?.getElements()[name]);

  it("finds its own trust's studies and no other's, as the client behind it may", async () => {
    const answers = await ask(requests.CFindRequest.createStudyFindRequest({ AccessionNumber: "Q1" }));
    expect(answers.at(-1)?.getStatus()).toBe(0);
    expect(valuesOf(answers, "StudyInstanceUID")).toEqual([study]);
    expect(valuesOf(answers, "PatientID")).toEqual(["RXC-1001"]);
    // On the region's audit stands which AE title asked, and from which address.
    const [row] = await rows<{ from_system: string; from_address: string }>(
      region,
      "SELECT from_system, from_address FROM audit_event WHERE action = 'study.find-studies' ORDER BY at DESC LIMIT 1",
    );
    expect(row).toEqual({ from_system: "PACS1", from_address: "127.0.0.1" });
  });

  it("finds series and images below their study", async () => {
    const ofStudy = await ask(requests.CFindRequest.createSeriesFindRequest({ StudyInstanceUID: study }));
    expect(valuesOf(ofStudy, "SeriesInstanceUID")).toEqual([series]);
    const images = await ask(
      requests.CFindRequest.createImageFindRequest({ StudyInstanceUID: study, SeriesInstanceUID: series }),
    );
    expect(valuesOf(images, "SOPInstanceUID").sort()).toEqual([...sops].sort());
  });

  it("moves a study to a registered system, each data set as it was sent", async () => {
    const answers = await ask(requests.CMoveRequest.createStudyMoveRequest("WS1", study));
    expect(answers.at(-1)?.getStatus()).toBe(0);
    expect([...workstation.stored.keys()].sort()).toEqual([...sops].sort());
    for (const [sop, { dataset }] of workstation.stored) {
      const file = held.get(sop) ?? Buffer.alloc(0);
      expect(dataset.equals(file.subarray(144 + file.readUInt32LE(140)))).toBe(true);
    }
  });

  it("moves nothing of another trust's", async () => {
    workstation.stored.clear();
    const answers = await ask(requests.CMoveRequest.createStudyMoveRequest("WS1", elsewhere));
    expect(answers.at(-1)?.getStatus()).not.toBe(0xff00);
    expect(workstation.stored.size).toBe(0);
  });
});
