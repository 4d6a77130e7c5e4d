import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, dicom, image, rowan, rows, type Shot, sendAll, studyIdOf } from "./sent.ts";

describe("the same SOP Instance UID again, in one trust", () => {
  let region: Region;
  let ctx: Ctx;
  let number = 0;
  beforeAll(async () => {
    region = await Region.create();
    ctx = region.as("rohan.patel");
  });
  afterAll(() => region.stop());

  const fresh = (): Required<Pick<Shot, "of" | "study" | "series" | "sop">> => {
    number += 1;
    return {
      of: rowan({ localNumber: `D${number}`, nhs: "" }),
      study: mintUid(),
      series: mintUid(),
      sop: mintUid(),
    };
  };
  const station = (name: string) => ({ "00081010": { vr: "SH", Value: [name] } });
  const instancesOf = async (study: string) => {
    const { series } = await Study.open(ctx, { studyId: await studyIdOf(region, study) });
    const read = await Promise.all(series.map(({ seriesId }) => Study.readSeries(ctx, { seriesId })));
    return read.flatMap(({ instances }) => instances);
  };

  it("the same bytes are a duplicate: dropped, and nothing changes", async () => {
    const bytes = bytesOf(fresh());
    expect(await sendAll(region, "RXC", dicom(bytes))).toEqual(["accepted"]);
    expect(await sendAll(region, "RXC", dicom(bytes))).toEqual(["duplicate"]);
    expect((await sendAll(region, "RXC", dicom(bytes), dicom(bytes))).sort()).toEqual([
      "duplicate",
      "duplicate",
    ]);
  });

  it("another word in the header is an alternate: kept, not served, and known when it comes again", async () => {
    const shot = fresh();
    await sendAll(region, "RXC", image(shot));
    const other = bytesOf({ ...shot, more: station("RESENT") });
    expect(await sendAll(region, "RXC", dicom(other))).toEqual(["alternate"]);
    expect(await sendAll(region, "RXC", dicom(other))).toEqual(["duplicate"]);
    const served = await instancesOf(shot.study);
    expect(served).toHaveLength(1);
    expect(served[0]?.header["00081010"]).toBeUndefined();
    const kept = await rows<{ object_key: string; differs: string[] }>(
      region,
      "SELECT object_key, differs FROM instance_alternate WHERE instance_id = $1::uuid",
      served[0]?.instanceId,
    );
    expect(kept.map(({ differs }) => differs)).toEqual([["00081010"]]);
    expect(await region.service.ports.archive.head(kept[0]?.object_key ?? "")).toMatchObject({
      sizeBytes: other.length,
    });
  });

  it("other pixels or another side are a conflict: the newcomer waits, what was there stays and is served", async () => {
    const shot = fresh();
    const first = bytesOf(shot);
    await sendAll(region, "RXC", dicom(first));
    expect(await sendAll(region, "RXC", image({ ...shot, grey: 9 }))).toEqual(["quarantined UID_CONFLICT"]);
    const sided = { "00200062": { vr: "CS", Value: ["L"] } };
    expect(await sendAll(region, "RXC", image({ ...shot, more: sided }))).toEqual([
      "quarantined UID_CONFLICT",
    ]);
    const [instance, ...more] = await instancesOf(shot.study);
    expect(more).toEqual([]);
    expect(instance?.sizeBytes).toBe(first.length);
  });

  it("within one batch the first is taken and the second judged against it", async () => {
    const shot = fresh();
    const sent = await sendAll(
      region,
      "RXC",
      image(shot),
      image({ ...shot, grey: 9 }),
      image({ ...shot, more: station("X") }),
    );
    expect(sent.filter((outcome) => outcome === "accepted")).toHaveLength(1);
    expect(await instancesOf(shot.study)).toHaveLength(1);
  });

  it("another patient under a known study, or a series under another study, waits for a person", async () => {
    const [shot, other] = [fresh(), fresh()];
    await sendAll(region, "RXC", image(shot));
    expect(await sendAll(region, "RXC", image({ ...fresh(), study: shot.study }))).toEqual([
      "quarantined PATIENT_MISMATCH",
    ]);
    expect(await sendAll(region, "RXC", image({ ...other, of: shot.of, series: shot.series }))).toEqual([
      "quarantined SERIES_MISMATCH",
    ]);
    expect(await instancesOf(shot.study)).toHaveLength(1);
  });

  it("in another trust it is that trust's own study: nothing is judged across custodians", async () => {
    const shot = fresh();
    expect(await sendAll(region, "RXC", image(shot))).toEqual(["accepted"]);
    expect(await sendAll(region, "RA2", image({ ...shot, grey: 9 }))).toEqual(["accepted"]);
    expect(await studyIdOf(region, shot.study, "RA2")).not.toBe(await studyIdOf(region, shot.study, "RXC"));
  });

  it("a number that the index can't hold, and NUL in a text, stop nothing", async () => {
    const shot = fresh();
    const odd = { "00200013": { vr: "IS", Value: ["1.5"] }, "00081030": { vr: "LO", Value: ["a\u0000b"] } };
    expect(await sendAll(region, "RXC", image({ ...shot, more: odd }))).toEqual(["accepted"]);
    expect((await instancesOf(shot.study))[0]?.instanceNumber).toBeUndefined();
  });
});
