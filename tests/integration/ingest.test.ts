import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { bytesSource } from "@weald/dev-env/send";
import { type DicomJson, mintUid, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const EXPLICIT = "1.2.840.10008.1.2.1";

function dx(more: DicomJson = {}): { bytes: Uint8Array; study: string } {
  const study = mintUid();
  const dataset: DicomJson = {
    "00080005": { vr: "CS", Value: ["ISO_IR 192"] },
    "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.1.1"] },
    "00080018": { vr: "UI", Value: [mintUid()] },
    "00080020": { vr: "DA", Value: ["20261101"] },
    "00080030": { vr: "TM", Value: ["093000"] },
    "00080060": { vr: "CS", Value: ["DX"] },
    "00100010": { vr: "PN", Value: [{ Alphabetic: "Alder^Rowan" }] },
    "00100020": { vr: "LO", Value: ["RXC-1001"] },
    "00100030": { vr: "DA", Value: ["19610403"] },
    "00100040": { vr: "CS", Value: ["F"] },
    "0020000D": { vr: "UI", Value: [study] },
    "0020000E": { vr: "UI", Value: [mintUid()] },
    "00200013": { vr: "IS", Value: [1] },
    "00280002": { vr: "US", Value: [1] },
    "00280004": { vr: "CS", Value: ["MONOCHROME2"] },
    "00280010": { vr: "US", Value: [4] },
    "00280011": { vr: "US", Value: [4] },
    "00280100": { vr: "US", Value: [16] },
    "00280101": { vr: "US", Value: [12] },
    "00280102": { vr: "US", Value: [11] },
    "00280103": { vr: "US", Value: [0] },
    ...more,
  };
  return {
    study,
    bytes: writePart10({ dataset, pixelData: new Uint8Array(32).fill(7), transferSyntaxUid: EXPLICIT }),
  };
}

describe("a study sent by a trust", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  it("stands on the list of a radiologist of another trust, and its bytes are those that were sent", async () => {
    const { bytes, study } = dx();
    const sent = await region.send("RXC", [bytesSource("dx.dcm", "dicom", bytes)]);
    expect(sent.map(({ outcome, code }) => ({ outcome, code }))).toEqual([
      { outcome: "accepted", code: undefined },
    ]);

    const ctx = region.as("rohan.patel");
    const list = await Worklist.list(ctx, {});
    const row = list.rows.find((one) => one.studyInstanceUid === study);
    expect(row?.patient.family).toBe("Alder");
    const opened = await Study.open(ctx, { studyId: row?.studyId ?? "" });
    const seriesId = opened.series[0]?.seriesId ?? "";
    const { instances } = await Study.readSeries(ctx, { seriesId });
    const [instance] = instances;
    const { objects } = await Study.signObjects(ctx, {
      studyId: opened.studyId,
      instanceIds: [instance?.instanceId ?? ""],
    });
    const [object] = objects;
    if (!object || "gone" in object) throw new Error("no URL");
    const whole = new Uint8Array(await (await fetch(object.url)).arrayBuffer());
    expect(Buffer.from(whole).equals(Buffer.from(bytes))).toBe(true);
    const frame = instance?.frames[0];
    expect(frame && whole.slice(frame.offset, frame.offset + frame.length)).toEqual(
      new Uint8Array(32).fill(7),
    );
  });
});
