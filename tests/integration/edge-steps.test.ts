import { settle } from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writeDataset } from "@weald/dicom";
import dimse from "dcmjs-dimse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EdgeProcess, edgeProcess } from "./edge/edge-process.ts";
import { type RegionDoor, regionDoor } from "./edge/region-door.ts";
import { type Relay, relay } from "./edge/relay.ts";
import { associate, DX, store } from "./edge/scu.ts";
import { after, at, datasetOf, rowOn, systemCtx } from "./sent.ts";

const STEP = "1.2.840.10008.3.1.2.3.3";
const { requests } = dimse;

type Made = { series: string; sops: string[] };

const attributes = (state: string, study: string, made: readonly Made[], accession = "A1") => ({
  PerformedProcedureStepStatus: state,
  PerformedProcedureStepID: "1",
  Modality: "DX",
  ScheduledStepAttributesSequence: [{ StudyInstanceUID: study, AccessionNumber: accession }],
  PerformedSeriesSequence: made.map(({ series, sops }) => ({
    SeriesInstanceUID: series,
    ReferencedImageSequence: sops.map((sop) => ({
      ReferencedSOPClassUID: DX,
      ReferencedSOPInstanceUID: sop,
    })),
  })),
});

describe("a modality that tells what it did", () => {
  let region: Region;
  let door: RegionDoor;
  let api: Relay;
  let edge: EdgeProcess;
  beforeAll(async () => {
    region = await Region.create();
    door = await regionDoor(region);
    api = await relay(door.url);
    edge = await edgeProcess({ regionUrl: api.url });
  });
  afterAll(async () => {
    await edge?.stop();
    await api?.close();
    await door?.close();
    await region?.stop();
  });
  const scu = () => ({ port: edge.dimsePort() });

  async function tell(way: "create" | "set", uid: string, elements: Record<string, unknown>) {
    const request =
      way === "create" ? new requests.NCreateRequest(STEP, uid) : new requests.NSetRequest(STEP, uid);
    request.setDataset(new dimse.Dataset(elements, EXPLICIT_LITTLE));
    const { responses } = await associate(scu(), [{ request }]);
    return responses[0]?.getStatus();
  }

  async function send(study: string, { series, sops }: Made, upTo = sops.length) {
    const objects = sops.slice(0, upTo).map((sop, index) => ({
      sopInstanceUid: sop,
      dataset: writeDataset(
        datasetOf({ study, series, sop, number: index + 1, accession: "A1" }),
        EXPLICIT_LITTLE,
      ),
    }));
    expect(await store(scu(), objects)).toEqual(objects.map(() => 0));
  }

  /** What the list says of the study once the region has judged what was quiet. */
  async function said(study: string): Promise<string | undefined> {
    await edge.settled();
    await region.drain();
    await settle(at(systemCtx(region), after(1)), {});
    const row = await rowOn(region.as("rohan.patel"), study);
    return row?.completeness.text;
  }

  const made = (count: number): Made => ({
    series: mintUid(),
    sops: Array.from({ length: count }, () => mintUid()),
  });

  it("what it says that it made, and all of it came: complete, by MPPS", async () => {
    const [study, uid, one] = [mintUid(), mintUid(), made(3)];
    expect(await tell("create", uid, attributes("IN PROGRESS", study, []))).toBe(0);
    await send(study, one);
    expect(await tell("set", uid, attributes("COMPLETED", study, [one]))).toBe(0);
    expect(await said(study)).toBe("3 images, complete by MPPS");
  });

  it("fewer came than it made: short by as many, though nothing misses between them", async () => {
    const [study, uid, one] = [mintUid(), mintUid(), made(5)];
    await tell("create", uid, attributes("IN PROGRESS", study, []));
    await tell("set", uid, attributes("COMPLETED", study, [one]));
    await send(study, one, 3);
    expect(await said(study)).toBe("3 of 5, short by 2");
  });

  it("a series that it made and that never came: nothing says complete", async () => {
    const [study, uid, one, other] = [mintUid(), mintUid(), made(2), made(2)];
    await send(study, one);
    await tell("create", uid, attributes("IN PROGRESS", study, []));
    await tell("set", uid, attributes("COMPLETED", study, [one, other]));
    expect(await said(study)).toBe("2 images, quiet, not confirmed");
    await send(study, other);
    expect(await said(study)).toBe("4 images, complete by MPPS");
  });

  it("a step that was discontinued proves nothing", async () => {
    const [study, uid, one] = [mintUid(), mintUid(), made(2)];
    await tell("create", uid, attributes("IN PROGRESS", study, []));
    await tell("set", uid, attributes("DISCONTINUED", study, [one]));
    await send(study, one);
    expect(await said(study)).toBe("2 images, quiet, not confirmed");
  });

  it("waits like an object while the region is away, over a restart, and keeps its order", async () => {
    const [study, uid, one] = [mintUid(), mintUid(), made(2)];
    api.cut();
    expect(await tell("create", uid, attributes("IN PROGRESS", study, []))).toBe(0);
    expect(await tell("set", uid, attributes("COMPLETED", study, [one]))).toBe(0);
    await send(study, one);
    await edge.kill();
    await edge.start();
    api.mend();
    expect(await said(study)).toBe("2 images, complete by MPPS");
  });

  it("is told what doesn't fit: begun twice, never begun, over already, a status that is none", async () => {
    const [uid, study] = [mintUid(), mintUid()];
    expect(await tell("set", uid, attributes("COMPLETED", study, []))).toBe(0x0112);
    expect(await tell("create", uid, attributes("IN PROGRESS", study, []))).toBe(0);
    expect(await tell("create", uid, attributes("IN PROGRESS", study, []))).toBe(0x0111);
    expect(await tell("set", uid, attributes("NO STATUS", study, []))).toBe(0x0106);
    expect(await tell("set", uid, attributes("COMPLETED", study, []))).toBe(0);
    expect(await tell("set", uid, attributes("COMPLETED", study, []))).toBe(0x0110);
  });
});
