import { mintUid, writePart10 } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DicomwebStandIn, dicomwebStandIn } from "./edge/dicomweb-stand-in.ts";
import { CALLED, type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type StoreScp, storeScp } from "./edge/store-scp.ts";
import { tokenDoor } from "./edge/token-door.ts";
import { bytesOf, rowan } from "./sent.ts";

const { requests } = dimse;
type Response = InstanceType<typeof dimse.responses.Response>;
type Elements = Record<string, unknown>;

const client = { id: "system-RXC", secret: "secret of system-RXC" };
const JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70";

describe("a system of the trust that asks the gateway", () => {
  let web: DicomwebStandIn;
  let identity: Awaited<ReturnType<typeof tokenDoor>>;
  let edge: EdgeProcess;
  let workstation: StoreScp;
  const study = mintUid();
  const series = mintUid();
  const held = new Map<string, Buffer>();
  const sops = [mintUid(), mintUid(), mintUid()];

  beforeAll(async () => {
    web = await dicomwebStandIn();
    identity = await tokenDoor();
    workstation = await storeScp();
    const of = rowan({ family: "Ängström", given: "Öde" });
    for (const [index, sop] of sops.entries()) {
      const shot = { of, study, series, sop, number: index + 1, accession: "A1", description: "Chest" };
      held.set(sop, Buffer.from(bytesOf(shot)));
      await web.hold(held.get(sop) ?? Buffer.alloc(0));
    }
    await web.hold(bytesOf({ accession: "B2", date: "20200101" }));
    edge = await edgeProcess({
      regionUrl: identity.url,
      config: {
        region: {
          portalUrl: identity.url,
          issuer: identity.url,
          dicomwebUrl: web.url,
          clientId: "gateway-RXC",
          clientSecret: "secret of gateway-RXC",
        },
        applicationEntities: [
          { title: "CT1" },
          { title: "PACS1", client },
          { title: "WS1", host: "127.0.0.1", port: workstation.port },
          { title: "AWAY", host: "127.0.0.1", port: 9 },
        ],
      },
    });
  });
  afterAll(async () => {
    await edge?.stop();
    workstation?.close();
    await web?.close();
    await identity?.close();
  });

  /** One C-FIND or C-MOVE: every response in turn. */
  function ask(request: InstanceType<typeof requests.Request>, calling = "PACS1"): Promise<Response[]> {
    const all: Response[] = [];
    request.on("response", (response: Response) => all.push(response));
    const asking = new dimse.Client();
    asking.addRequest(request);
    return new Promise((resolve) => {
      asking.on("networkError", () => {});
      asking.on("closed", () => resolve(all));
      asking.send("127.0.0.1", edge.dimsePort(), calling, CALLED);
    });
  }

  async function find(request: InstanceType<typeof requests.Request>) {
    const all = await ask(request);
    const last = all.pop();
    return {
      status: last?.getStatus(),
      found: all.map((response) => response.getDataset()?.getElements() ?? ({} as Elements)),
    };
  }

  it("C-FIND: studies by accession, with what it asked for and what the level needs", async () => {
    const { status, found } = await find(
      requests.CFindRequest.createStudyFindRequest({ AccessionNumber: "A1", StudyDescription: "" }),
    );
    expect(status).toBe(0);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      StudyInstanceUID: study,
      AccessionNumber: "A1",
      StudyDescription: "Chest",
      QueryRetrieveLevel: "STUDY",
      RetrieveAETitle: CALLED,
      SpecificCharacterSet: "ISO_IR 192",
    });
    expect(String(found[0]?.PatientName)).toBe("Ängström^Öde");
    expect(identity.asked).toContain("system-RXC");
  });

  it("C-FIND: by a range of dates and a name with a wildcard; by series and image below their study", async () => {
    const dated = await find(
      requests.CFindRequest.createStudyFindRequest({
        StudyDate: "20260101-20261231",
        PatientName: "ÄNG*",
        SpecificCharacterSet: "ISO_IR 192",
      }),
    );
    expect(dated.found.map(({ StudyInstanceUID }) => StudyInstanceUID)).toEqual([study]);
    const ofStudy = await find(requests.CFindRequest.createSeriesFindRequest({ StudyInstanceUID: study }));
    expect(ofStudy.found.map(({ SeriesInstanceUID }) => SeriesInstanceUID)).toEqual([series]);
    const images = await find(
      requests.CFindRequest.createImageFindRequest({ StudyInstanceUID: study, SeriesInstanceUID: series }),
    );
    expect(images.found.map(({ SOPInstanceUID }) => SOPInstanceUID).sort()).toEqual([...sops].sort());
  });

  it("C-FIND: nothing found is success; a series without its study doesn't fit the model", async () => {
    expect(await find(requests.CFindRequest.createStudyFindRequest({ AccessionNumber: "none" }))).toEqual({
      status: 0,
      found: [],
    });
    expect((await find(requests.CFindRequest.createSeriesFindRequest({}))).status).toBe(0xa900);
  });

  it("C-FIND: a region that fails or refuses never looks like nothing found", async () => {
    for (const [ill, status] of [
      [503, 0xc001],
      [403, 0x0124],
    ] as const) {
      web.ill(ill);
      expect(await find(requests.CFindRequest.createStudyFindRequest({}))).toEqual({ status, found: [] });
    }
    web.ill(undefined);
  });

  it("a modality that is registered without a client may store and nothing else", async () => {
    const answers = await ask(requests.CFindRequest.createStudyFindRequest({}), "CT1");
    expect(answers).toEqual([]);
  });

  it("C-MOVE: each object reaches the registered system byte for byte, counted as it goes", async () => {
    const answers = await ask(requests.CMoveRequest.createStudyMoveRequest("WS1", study));
    const counts = answers.map((answer) => {
      const elements = answer.getCommandDataset().getElements() as Elements;
      return [
        answer.getStatus(),
        elements.NumberOfRemainingSuboperations,
        elements.NumberOfCompletedSuboperations,
        elements.NumberOfFailedSuboperations,
      ];
    });
    expect(counts).toEqual([
      [0xff00, 2, 1, 0],
      [0xff00, 1, 2, 0],
      [0xff00, 0, 3, 0],
      [0, 0, 3, 0],
    ]);
    expect([...workstation.stored.keys()].sort()).toEqual([...sops].sort());
    for (const [sop, { dataset, originator }] of workstation.stored) {
      expect(dataset.equals(datasetIn(held.get(sop) ?? Buffer.alloc(0)))).toBe(true);
      expect(originator).toBe("PACS1");
    }
  });

  it("C-MOVE: one image of a series; a destination that nobody registered; one that can't be reached", async () => {
    workstation.stored.clear();
    const [first = ""] = sops;
    const one = await ask(requests.CMoveRequest.createImageMoveRequest("WS1", study, series, first));
    expect(one.at(-1)?.getStatus()).toBe(0);
    expect([...workstation.stored.keys()]).toEqual([first]);
    const nobody = await ask(requests.CMoveRequest.createStudyMoveRequest("NOBODY", study));
    expect(nobody.map((answer) => answer.getStatus())).toEqual([0xa801]);
    const away = await ask(requests.CMoveRequest.createStudyMoveRequest("AWAY", study));
    expect(away.at(-1)?.getStatus()).toBe(0xa702);
    const failed = away.at(-1)?.getDataset()?.getElements() as Elements;
    expect([...(failed.FailedSOPInstanceUIDList as string[])].sort()).toEqual([...sops].sort());
  });

  it("C-MOVE: what the destination can't take is told as failed, the rest goes", async () => {
    const [mixed, sop, packed] = [mintUid(), mintUid(), mintUid()];
    await web.hold(bytesOf({ study: mixed, sop }));
    await web.hold(packedObject(mixed, packed));
    workstation.stored.clear();
    const answers = await ask(requests.CMoveRequest.createStudyMoveRequest("WS1", mixed));
    expect(answers.at(-1)?.getStatus()).toBe(0xb000);
    expect([...workstation.stored.keys()]).toEqual([sop]);
  });
});

/** What stands behind the meta header. */
const datasetIn = (file: Buffer) => file.subarray(144 + file.readUInt32LE(140));

/** An object in a syntax that the workstation doesn't know. */
function packedObject(study: string, sop: string): Uint8Array {
  const plain = {
    "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.1.1"] },
    "00080018": { vr: "UI", Value: [sop] },
    "0020000D": { vr: "UI", Value: [study] },
    "0020000E": { vr: "UI", Value: [mintUid()] },
    "00280002": { vr: "US", Value: [1] },
    "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
    "00280010": { vr: "US", Value: [4] },
    "00280011": { vr: "US", Value: [4] },
    "00280100": { vr: "US", Value: [8] },
    "00280101": { vr: "US", Value: [8] },
    "00280102": { vr: "US", Value: [7] },
    "00280103": { vr: "US", Value: [0] },
  };
  return writePart10({
    dataset: plain,
    pixelData: [Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
    transferSyntaxUid: JPEG_LOSSLESS,
  });
}
