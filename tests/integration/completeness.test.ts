import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  after,
  at,
  codeOf,
  image,
  rowan,
  rowOn,
  rows,
  sendAll,
  sendUnfinished,
  studyIdOf,
  systemCtx,
} from "./sent.ts";

describe("the line is cut after 137 of 300", () => {
  let region: Region;
  let ctx: Ctx;
  const [study, series] = [mintUid(), mintUid()];
  const slice = (number: number) => image({ study, series, number, counted: 300, modality: "CT" });
  const everythingSaid = async (): Promise<string> => {
    const studyId = await studyIdOf(region, study);
    const opened = await Study.open(ctx, { studyId });
    const seriesId = opened.series[0]?.seriesId ?? "";
    const { rows: listed } = await Worklist.list(ctx, {});
    const { instances: _headers, ...read } = await Study.readSeries(ctx, { seriesId });
    const patient = await Timeline.read(ctx, { patientId: opened.patient.patientId });
    return JSON.stringify([opened, listed, read, patient]);
  };
  beforeAll(async () => {
    region = await Region.create();
    ctx = region.as("rohan.patel");
    const there = Array.from({ length: 137 }, (_, index) => slice(index + 1));
    await sendUnfinished(region, "RXC", there.slice(0, 100));
    await sendUnfinished(region, "RXC", there.slice(100));
  });
  afterAll(() => region.stop());

  it("while it may go on: arriving, 137 of 300; nothing says or implies complete", async () => {
    expect((await rowOn(ctx, study))?.completeness).toEqual({
      state: "arriving",
      text: "137 of 300, arriving",
    });
    const said = await everythingSaid();
    expect(said).not.toMatch(/complete by|"complete"/);
    expect(said).toContain("137 of 300");
  });

  it("isn't judged before a minute of quiet, and is short after it; nothing says or implies complete", async () => {
    const settleAt = (seconds: number) =>
      Study.settle(at(systemCtx(region), new Date(Date.now() + seconds * 1000)), {});
    expect(await settleAt(0)).toMatchObject({ settled: 0 });
    expect(await settleAt(61)).toMatchObject({ settled: 1 });
    expect((await rowOn(ctx, study))?.completeness).toEqual({
      state: "short",
      text: "137 of 300, short by 163",
    });
    const said = await everythingSaid();
    expect(said).not.toMatch(/complete by|"complete"/);
    expect(said).toContain("137 of 300");
    const { rows: incomplete } = await Worklist.list(ctx, { filters: { isIncomplete: true } });
    expect(incomplete.map((row) => row.studyInstanceUid)).toContain(study);
  });

  it("a radiographer's check can't make it whole", async () => {
    const studyId = await studyIdOf(region, study);
    expect(await codeOf(Study.confirmComplete(region.as("grace.fielding"), { studyId, count: 137 }))).toBe(
      "STUDY_IS_SHORT",
    );
    expect(await codeOf(Study.confirmComplete(region.as("grace.fielding"), { studyId, count: 300 }))).toBe(
      "STUDY_IS_SHORT",
    );
    expect((await rowOn(ctx, study))?.completeness.state).toBe("short");
  });

  it("opens again when the rest comes, and is complete by the source's count when all are there, page by page", async () => {
    const rest = Array.from({ length: 163 }, (_, index) => slice(index + 138));
    await sendUnfinished(region, "RXC", rest.slice(0, 10));
    expect((await rowOn(ctx, study))?.completeness).toEqual({
      state: "arriving",
      text: "147 of 300, arriving",
    });
    await sendAll(region, "RXC", ...rest.slice(10));
    expect((await rowOn(ctx, study))?.completeness).toEqual({
      state: "complete",
      text: "300 images, complete by the source's count",
    });
    const opened = await Study.open(ctx, { studyId: await studyIdOf(region, study) });
    const seriesId = opened.series[0]?.seriesId ?? "";
    const first = await Study.readSeries(ctx, { seriesId, limit: 250 });
    const second = await Study.readSeries(ctx, { seriesId, limit: 250, after: first.next });
    const numbers = [...first.instances, ...second.instances].map(({ instanceNumber }) => instanceNumber);
    expect([first.instances.length, second.instances.length, second.next]).toEqual([250, 50, undefined]);
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  it("a folder of 500 series settles at its sender's word, in one short transaction", async () => {
    const many = mintUid();
    await sendUnfinished(region, "RXC", [image({ study: many, of: rowan({ localNumber: "C4", nhs: "" }) })]);
    const gateway = region.gateway("RXC");
    const { uploadId } = await Ingest.beginUpload(gateway, { door: "send" });
    // As if 499 more had come: the same rows under other ids.
    await rows(
      region,
      `WITH one AS (SELECT i.*, e.study_id FROM instance i JOIN series e ON e.id = i.series_id JOIN study s ON s.id = e.study_id WHERE s.study_instance_uid = $1),
       made AS (INSERT INTO series (id, study_id, custodian, series_instance_uid, modality, last_arrived_at)
         SELECT uuidv7(), study_id, custodian, '9.9.' || n, 'DX', now() FROM one, generate_series(1, 499) n RETURNING id, study_id, series_instance_uid),
       placed AS (INSERT INTO instance (id, series_id, custodian, sop_instance_uid, sop_class_uid, number_of_frames, object_key, size_bytes, transfer_syntax_uid,
           encoding, sha256_received, sha256_stored, has_meta_header, header, frames, deviations)
         SELECT uuidv7(), made.id, custodian, made.series_instance_uid || '.1', sop_class_uid, number_of_frames, object_key, size_bytes, transfer_syntax_uid,
           encoding, sha256_received, sha256_stored, has_meta_header, header, frames, deviations FROM one, made RETURNING id)
       INSERT INTO inbox_item (id, upload_id, custodian, kind, inbox_key, size_bytes, outcome, instance_id)
         SELECT uuidv7(), $2::uuid, 'RXC', 'dicom', id::text, 1, 'accepted', id FROM (SELECT id FROM placed UNION ALL SELECT id FROM one) i RETURNING id::text`,
      many,
      uploadId,
    );
    expect(await Ingest.finishUpload(gateway, { uploadId })).toMatchObject({ items: 500 });
    expect((await rowOn(ctx, many))?.completeness).toEqual({
      state: "quiet",
      text: "500 images, quiet, not confirmed",
    });
  });

  describe("a study that nobody counted", () => {
    const [quiet, its] = [mintUid(), mintUid()];
    const of = rowan({ localNumber: "C2", nhs: "" });
    const picture = (number: number) => image({ of, study: quiet, series: its, number });
    const confirm = async (key: string, count: number) =>
      codeOf(Study.confirmComplete(region.as(key), { studyId: await studyIdOf(region, quiet), count }));
    const stateOf = async () => (await rowOn(ctx, quiet))?.completeness;

    it("is quiet, not confirmed, until a radiographer of its trust has looked, for the number that they saw", async () => {
      await sendUnfinished(region, "RXC", [picture(1)]);
      expect(await confirm("grace.fielding", 1)).toBe("STUDY_IS_ARRIVING");
      await sendAll(region, "RXC", picture(2));
      expect(await stateOf()).toEqual({ state: "quiet", text: "2 images, quiet, not confirmed" });
      expect(await confirm("owen.hartley", 2)).toBe("not-your-trust");
      expect(await confirm("rohan.patel", 2)).toBe("not-for-this-role");
      expect(await confirm("grace.fielding", 1)).toBe("COUNT_CHANGED");
      expect(await confirm("grace.fielding", 2)).toBe("done");
      expect(await stateOf()).toEqual({
        state: "complete",
        text: "2 images, complete by a radiographer's check",
      });
    });
    it("is unconfirmed again when an image comes late", async () => {
      await sendUnfinished(region, "RXC", [picture(3)]);
      expect(await stateOf()).toEqual({ state: "arriving", text: "3 images, arriving" });
      await Study.settle(at(systemCtx(region), after(1)), {});
      expect(await stateOf()).toEqual({ state: "quiet", text: "3 images, quiet, not confirmed" });
    });
    it("is short when an image is missing between others", async () => {
      await sendAll(region, "RXC", picture(6));
      expect(await stateOf()).toEqual({ state: "short", text: "4 of 6, short by 2" });
      expect(await confirm("grace.fielding", 4)).toBe("STUDY_IS_SHORT");
    });
  });
});
