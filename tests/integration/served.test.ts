import { createHash } from "node:crypto";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, rowan, rowOn, rows, sendAll, studyIdOf } from "./sent.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });

describe("what is served is original + overlay", () => {
  let region: Region;
  let ctx: Ctx;
  let studyId: string;
  let seriesId: string;
  const [study, untouched] = [mintUid(), mintUid()];
  const bytes = bytesOf({
    study,
    description: "Chest",
    accession: "W1",
    more: {
      "00180015": text("CS", "CHEST"),
      "0008103E": text("LO", "PA"),
      "00091001": text("LO", "private"),
    },
  });
  beforeAll(async () => {
    region = await Region.create();
    ctx = region.as("rohan.patel");
    await sendAll(
      region,
      "RXC",
      dicom(bytes),
      dicom(bytesOf({ study: untouched, description: "Hand", of: rowan({ localNumber: "W2", nhs: "" }) })),
    );
    studyId = await studyIdOf(region, study);
    seriesId = (await Study.open(ctx, { studyId })).series[0]?.seriesId ?? "";
  });
  afterAll(() => region.stop());

  /** As the correcting actions will (issue 3): a new version holds all. */
  const correct = (
    level: "study" | "series" | "instance",
    targetId: string,
    version: number,
    attributes: DicomJson,
  ) =>
    rows(
      region,
      `INSERT INTO overlay (id, custodian, level, target_id, study_id, version, attributes, reason, written_by, written_at)
       VALUES (uuidv7(), 'RXC', $1, $2::uuid, $3::uuid, $4, $5::jsonb, 'typed at the wrong desk', 'p-pacs', '2026-11-02T09:30:00Z') RETURNING id::text`,
      level,
      targetId,
      studyId,
      version,
      JSON.stringify(attributes),
    );
  const firstInstance = async () => {
    const [instance] = (await Study.readSeries(ctx, { seriesId })).instances;
    if (!instance) throw new Error("no instance");
    return instance;
  };
  const storedBytes = async () => {
    const { instanceId } = await firstInstance();
    const [object] = (await Study.signObjects(ctx, { studyId, instanceIds: [instanceId] })).objects;
    if (!object || "gone" in object) throw new Error("no URL");
    return new Uint8Array(await (await fetch(object.url)).arrayBuffer());
  };

  it("on the list, the patient's page, the opened study and its series, and no other study's", async () => {
    await correct("study", studyId, 1, {
      "00081030": text("LO", "Knee"),
      "00080020": text("DA", "20261031"),
    });
    await correct("series", seriesId, 1, { "00180015": text("CS", "KNEE") });
    const opened = await Study.open(ctx, { studyId });
    expect(opened).toMatchObject({ description: "Knee", studyDate: "2026-10-31", accessionNumber: "W1" });
    expect(opened.series[0]).toMatchObject({ bodyPart: "KNEE", description: "PA" });
    expect(await rowOn(ctx, study)).toMatchObject({
      description: "Knee",
      studyDate: "2026-10-31",
      accessionNumber: "W1",
    });
    const { rows: ofPatient } = await Timeline.read(ctx, { patientId: opened.patient.patientId });
    expect(ofPatient.find((row) => row.studyId === studyId)).toMatchObject({ description: "Knee" });
    expect(await rowOn(ctx, untouched)).toMatchObject({ description: "Hand", studyDate: "2026-11-01" });
  });

  it("in each image's header, with what stood there, in Original Attributes Sequence, and under a new version", async () => {
    const { header, version } = await firstInstance();
    expect(header["00081030"]?.Value).toEqual(["Knee"]);
    expect(header["00180015"]?.Value).toEqual(["KNEE"]);
    const replaced = (header["04000561"]?.Value ?? []).map((item) => Object(item)["04000550"]?.Value?.[0]);
    expect(replaced).toEqual([
      { "00080020": text("DA", "20261101"), "00081030": text("LO", "Chest") },
      { "00180015": text("CS", "CHEST") },
    ]);
    expect(Object.keys(header)).not.toContain("00091001");
    const { instanceId } = await firstInstance();
    await correct("instance", instanceId, 1, { "00180015": text("CS", "LEG") });
    const again = await firstInstance();
    expect(again.header["00180015"]?.Value).toEqual(["LEG"]);
    expect(again.version).toBeGreaterThan(version);
  });

  it("by the newest version alone", async () => {
    await correct("study", studyId, 2, { "00081030": text("LO", "Ankle") });
    expect(await Study.open(ctx, { studyId })).toMatchObject({
      description: "Ankle",
      studyDate: "2026-11-01",
    });
    expect(await rowOn(ctx, study)).toMatchObject({ description: "Ankle", studyDate: "2026-11-01" });
  });

  it("and the original stays as it was sent, to the byte", async () => {
    const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    expect(sha256(await storedBytes())).toBe(sha256(bytes));
  });
});
