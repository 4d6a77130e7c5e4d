import { createHash } from "node:crypto";
import { constants, inflateRawSync } from "node:zlib";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { type DicomJson, mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  codeOf,
  dicom,
  image,
  quietCursor,
  report,
  request,
  rowan,
  rowOn,
  rows,
  sendAll,
  studyIdOf,
} from "./sent.ts";

const birch = {
  localNumber: "RXC-2002",
  nhs: "9990000026",
  family: "Birch",
  given: "Linden",
  born: "19780912",
  sex: "M",
};
const PRIVATE = /Alder|Rowan|RXC-1001|9990000018|19610403|1961-04-03/;

type Asked = {
  studyInstanceUid: string;
  studyId: string;
  seriesId: string;
  instanceIds: string[];
  patientId: string;
};
const ofRxc = (matches: DicomJson[]) =>
  matches.filter((match) => String(match["00081190"]?.Value?.[0]).startsWith("/RXC/"));
/** What a door answers of a study, as text; a refusal by its code. A new door is one line. */
const DOORS: Record<string, (ctx: Ctx, asked: Asked) => Promise<unknown>> = {
  "study.open": (ctx, { studyId }) => Study.open(ctx, { studyId }),
  "study.readSeries": (ctx, { seriesId }) => Study.readSeries(ctx, { seriesId }),
  "reporting.read": (ctx, { studyId }) => Reporting.read(ctx, { studyId }),
  "worklist.list": async (ctx, { studyId }) =>
    (await Worklist.list(ctx, {})).rows.filter((row) => row.studyId === studyId),
  "QIDO-RS, studies": async (ctx, { studyInstanceUid }) =>
    ofRxc(
      (
        await Study.findStudies(ctx, {
          parameters: [
            ["StudyInstanceUID", studyInstanceUid],
            ["includefield", "all"],
          ],
        })
      ).matches,
    ),
  "QIDO-RS, series": async (ctx, { studyInstanceUid }) =>
    ofRxc(
      (
        await Study.findSeries(ctx, {
          studyInstanceUid,
          custodian: "RXC",
          parameters: [["includefield", "all"]],
        })
      ).matches,
    ),
  "QIDO-RS, instances": async (ctx, { studyInstanceUid }) =>
    ofRxc(
      (
        await Study.findInstances(ctx, {
          studyInstanceUid,
          custodian: "RXC",
          parameters: [["includefield", "all"]],
        })
      ).matches,
    ),
  "WADO-RS, metadata": async (ctx, { studyInstanceUid }) => {
    const asked = { studyInstanceUid, custodian: "RXC", root: "/studies/1" };
    const { packed } = await Study.retrieveMetadata(ctx, asked);
    const piece = inflateRawSync(Buffer.from(packed.deflated, "base64"), {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    return JSON.parse(`${piece.toString()}]`);
  },
  "WADO-RS, objects": (ctx, { studyInstanceUid }) =>
    Study.retrieve(ctx, { studyInstanceUid, custodian: "RXC", asStored: "all" }),
  "timeline.read": async (ctx, { patientId }) => (await Timeline.read(ctx, { patientId })).rows,
};
/** Original Attributes Sequence is the record of the correction: what stood there is said in it, and nowhere else. */
const withoutHistory = (key: string, value: unknown) => (key === "04000561" ? undefined : value);
const through = async (door: string, ctx: Ctx, asked: Asked): Promise<string> => {
  try {
    return JSON.stringify(await DOORS[door]?.(ctx, asked), withoutHistory);
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "failed";
  }
};
describe("a study under the wrong patient", () => {
  let region: Region;
  let [reader, manager, radiographer]: Ctx[] = [];
  const ctx = () => ({ reader: reader as Ctx, manager: manager as Ctx, radiographer: radiographer as Ctx });
  const [study, series, sop, other] = [mintUid(), mintUid(), mintUid(), mintUid()];
  const first = bytesOf({ study, series, sop, accession: "W1", number: 1, description: "Chest" });
  const patientOf = async (localNumber: string, custodian = "RXC") => {
    const [row] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM patient_record WHERE local_number = $1 AND custodian = $2",
      localNumber,
      custodian,
    );
    return row?.id ?? "";
  };
  let asked: Asked;

  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("rohan.patel");
    manager = region.as("tom.reyes");
    radiographer = region.as("grace.fielding");
    await sendAll(region, "RXC", dicom(first), image({ study, series, accession: "W1", number: 2, grey: 9 }));
    // An alternate, a sibling in quarantine, a copy at another trust, a request and a final report.
    await sendAll(
      region,
      "RXC",
      dicom(bytesOf({ study, series, sop, accession: "W1", number: 1, description: "Chest again" })),
    );
    await sendAll(
      region,
      "RXC",
      dicom(bytesOf({ study, series, sop, accession: "W1", number: 1, grey: 200 })),
    );
    await sendAll(region, "RA2", image({ study, series, sop, of: rowan({ localNumber: "RA2-9" }) }));
    await sendAll(region, "RXC", image({ study: other, of: birch, accession: "W2" }));
    await sendAll(
      region,
      "RXC",
      request({ accession: "W1", id: "q1", at: "20261101080000" }),
      request({ accession: "W2", id: "q2", at: "20261101080000", of: birch }),
      report({ accession: "W1", id: "r1", at: "20261101120000", status: "F", text: "No fracture in Rowan." }),
    );
    const studyId = await studyIdOf(region, study);
    const opened = await Study.open(ctx().reader, { studyId });
    const seriesId = opened.series[0]?.seriesId ?? "";
    const { instances } = await Study.readSeries(ctx().reader, { seriesId });
    await Study.reportDisplayed(ctx().reader, { studyId, seriesId, frames: 1 });
    await Worklist.list(ctx().reader, {});
    asked = {
      studyInstanceUid: study,
      studyId,
      seriesId,
      instanceIds: instances.map(({ instanceId }) => instanceId),
      patientId: opened.patient.patientId,
    };
  }, 60_000);
  afterAll(() => region.stop());

  it("is seen under them through every door, before", async () => {
    for (const door of Object.keys(DOORS).filter((one) => one !== "WADO-RS, objects"))
      expect(await through(door, ctx().reader, asked), door).toMatch(PRIVATE);
  });

  let correctionId = "";
  let servedVersion = 0;
  it("is withheld from the moment that it is said, because a report stands and a second person is asked", async () => {
    servedVersion = (await Study.open(ctx().reader, { studyId: asked.studyId })).servedVersion;
    const cursor = await quietCursor(ctx().reader);
    const patientId = await patientOf("RXC-2002");
    const said = await Correction.ask(ctx().manager, {
      kind: "move",
      studyId: asked.studyId,
      patientId,
      accession: { accessionNumber: "W2" },
      reason: "the wrong line of the worklist was taken",
    });
    expect(said).toMatchObject({ state: "waiting" });
    correctionId = said.correctionId;
    for (const door of Object.keys(DOORS).filter((one) => one !== "timeline.read"))
      expect(await through(door, ctx().reader, asked), door).toMatch(/^(\[\]|NOT_FOUND|STUDY_NOT_FOUND)$/);
    expect(await through("timeline.read", ctx().reader, asked)).not.toContain(asked.studyId);
    expect(await rowOn(ctx().reader, study)).toMatchObject({ custodian: "RA2" });
    expect(await Worklist.hasChanged(ctx().reader, { since: cursor })).toEqual({ changed: true });
    expect(await Study.isCurrent(ctx().reader, { studyId: asked.studyId, servedVersion })).toMatchObject({
      isCurrent: false,
      how: "withheld",
    });
    expect(
      await codeOf(
        Study.signObjects(ctx().reader, { studyId: asked.studyId, instanceIds: asked.instanceIds }),
      ),
    ).toBe("STUDY_NOT_FOUND");
  });
  it("is not moved by one person alone, nor by another trust's", async () => {
    expect(await codeOf(Correction.confirm(ctx().manager, { correctionId }))).toBe("own-proposal");
    expect(await codeOf(Correction.confirm(region.as("sunita.kaur"), { correctionId }))).toBe(
      "not-your-trust",
    );
    expect(await codeOf(Correction.confirm(ctx().reader, { correctionId }))).toBe("not-for-this-role");
  });

  it("is the right patient's through every door once the second person has confirmed", async () => {
    expect(await Correction.confirm(ctx().radiographer, { correctionId })).toMatchObject({ state: "done" });
    await region.drain();
    const patientId = await patientOf("RXC-2002");
    for (const door of Object.keys(DOORS)) {
      const said = await through(door, ctx().reader, { ...asked, patientId });
      expect(said, door).not.toMatch(PRIVATE);
      expect(said.length, door).toBeGreaterThan(20);
    }
    expect(await through("timeline.read", ctx().reader, asked)).not.toContain(asked.studyId);
    const opened = await Study.open(ctx().reader, { studyId: asked.studyId });
    expect(opened.patient).toMatchObject({ family: "Birch", localNumber: "RXC-2002" });
    expect(opened).toMatchObject({ accessionNumber: "W2", copies: [] });
    expect(await rowOn(region.as("amara.okafor"), study)).toBeDefined();
  });
  it("says so in each image: name, number, issuer, birth date, sex and NHS number, with what stood there", async () => {
    for (const { header } of (await Study.readSeries(ctx().reader, { seriesId: asked.seriesId })).instances) {
      expect(header["00100010"]?.Value).toEqual([{ Alphabetic: "Birch^Linden" }]);
      expect(header["00100020"]?.Value).toEqual(["RXC-2002"]);
      expect(header["00100021"]?.Value).toEqual(["RXC"]);
      expect(header["00100030"]?.Value).toEqual(["19780912"]);
      expect(header["00100040"]?.Value).toEqual(["M"]);
      expect(JSON.stringify(header["00101002"])).toContain("9990000026");
      expect(header["00080050"]?.Value).toEqual(["W2"]);
      expect(JSON.stringify(header["04000561"])).toContain("Alder^Rowan");
    }
  });
  it("draws the right patient's request, and the first one's report no more", async () => {
    const read = await Reporting.read(ctx().reader, { studyId: asked.studyId });
    expect(read).toMatchObject({ state: "not-reported", versions: [], isTiedToAnother: false });
    expect(read.request).toMatchObject({ accessionNumber: "W2" });
  });
  it("is gone for a viewer that opened it before, with a code, and its bytes are those that were sent", async () => {
    const { studyId, seriesId, instanceIds } = asked;
    const { objects } = await Study.signObjects(ctx().reader, { studyId, instanceIds, servedVersion });
    expect(objects.every((one) => "gone" in one && one.code === "CORRECTED")).toBe(true);
    expect(await codeOf(Study.readSeries(ctx().reader, { seriesId, servedVersion }))).toBe("STUDY_CORRECTED");
    expect(await Study.isCurrent(ctx().reader, { studyId, servedVersion })).toMatchObject({
      isCurrent: false,
      how: "moved",
    });
    const now = await Study.open(ctx().reader, { studyId });
    const [signed] = (
      await Study.signObjects(ctx().reader, { studyId, instanceIds, servedVersion: now.servedVersion })
    ).objects;
    if (!signed || "gone" in signed) throw new Error("no URL");
    const bytes = new Uint8Array(await (await fetch(signed.url)).arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      createHash("sha256").update(first).digest("hex"),
    );
  });
  it("stays the other trust's under the first patient: that trust is told", async () => {
    expect(await Correction.listNotices(region.as("sunita.kaur"), {})).toEqual([]);
    const copy = await studyIdOf(region, study, "RA2");
    expect((await Study.open(ctx().reader, { studyId: copy })).patient).toMatchObject({ family: "Alder" });
    const [told] = await rows<{ organisation: string }>(
      region,
      "SELECT organisation FROM correction_notice WHERE person_id IS NULL AND correction_id = $1::uuid",
      correctionId,
    );
    expect(told?.organisation).toBe("RA2");
  });
  it("its alternate and the item in quarantine are still there, and say nothing of the new patient", async () => {
    const [held] = await rows<{ alternates: number; waiting: number }>(
      region,
      `SELECT (SELECT count(*)::int FROM instance_alternate) AS alternates,
        (SELECT count(*)::int FROM quarantine_item WHERE state = 'waiting') AS waiting`,
    );
    expect(held).toEqual({ alternates: 1, waiting: 1 });
  });

  it("whoever opened it is told on their next page, and the trust sees that they have read it", async () => {
    const [notice, ...more] = await Correction.listNotices(ctx().reader, {});
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ kind: "move", custodian: "RXC", fromPatientId: asked.patientId });
    const told = async () => {
      const { corrections } = await Correction.listCorrections(ctx().manager, { which: "lately" });
      return corrections.find((one) => one.correctionId === correctionId)?.told.find((one) => one.personId);
    };
    expect(await told()).toMatchObject({
      organisation: "RA2",
      role: "radiologist",
      acknowledgedAt: undefined,
    });
    expect(
      await codeOf(Correction.acknowledge(region.as("ines.marlow"), { noticeId: notice?.noticeId ?? "" })),
    ).toBe("not-your-notice");
    await Correction.acknowledge(ctx().reader, { noticeId: notice?.noticeId ?? "" });
    expect(await Correction.listNotices(ctx().reader, {})).toEqual([]);
    expect((await told())?.acknowledgedAt).toBeDefined();
  });
  it("leaves a row on both patients' record, with ids and no words, and a fact for whoever holds something of it", async () => {
    const audited = await rows<{ patient_id: string; detail: Record<string, unknown> }>(
      region,
      "SELECT patient_id::text, detail FROM audit_event WHERE action = 'correction.confirm' AND outcome = 'success'",
    );
    expect(audited.map((row) => row.patient_id).sort()).toEqual(
      [asked.patientId, await patientOf("RXC-2002")].sort(),
    );
    expect(JSON.stringify(audited)).not.toMatch(/worklist was taken|Alder|Birch/);
    const facts = await rows<{ payload: Record<string, unknown> }>(
      region,
      "SELECT payload FROM outbox WHERE type = 'study.corrected'",
    );
    expect(facts.map(({ payload }) => payload)).toEqual([
      { studyId: asked.studyId, correctionId, kind: "move", fromPatientId: asked.patientId },
    ]);
  });

  it("takes in what still comes under the first name: an image that was sent already, and a late one", async () => {
    expect(await sendAll(region, "RXC", dicom(first))).toEqual(["duplicate"]);
    expect(
      await sendAll(region, "RXC", image({ study, series, accession: "W1", number: 3, grey: 11 })),
    ).toEqual(["accepted"]);
    const { instances } = await Study.readSeries(ctx().reader, { seriesId: asked.seriesId });
    expect(instances).toHaveLength(3);
    for (const { header } of instances) expect(header["00100020"]?.Value).toEqual(["RXC-2002"]);
    expect(
      await sendAll(
        region,
        "RXC",
        image({ study, series, number: 4, of: { ...birch, localNumber: "RXC-7", nhs: "", family: "Elm" } }),
      ),
    ).toEqual(["quarantined PATIENT_MISMATCH"]);
  });

  it("goes back by an undo, which is a correction itself: whoever saw it in between is told too", async () => {
    await Study.open(region.as("amara.okafor"), { studyId: asked.studyId });
    const undone = await Correction.undo(ctx().manager, {
      correctionId,
      reason: "it was right the first time",
    });
    // What took two takes two.
    expect(undone.state).toBe("waiting");
    await Correction.confirm(ctx().radiographer, { correctionId: undone.correctionId });
    const opened = await Study.open(ctx().reader, { studyId: asked.studyId });
    expect(opened.patient).toMatchObject({ family: "Alder", patientId: asked.patientId });
    expect(opened).toMatchObject({ accessionNumber: "W1" });
    expect(await Reporting.read(ctx().reader, { studyId: asked.studyId })).toMatchObject({ state: "final" });
    const header = (await Study.readSeries(ctx().reader, { seriesId: asked.seriesId })).instances[0]?.header;
    expect(header?.["00100020"]?.Value).toEqual(["RXC-1001"]);
    expect(header?.["04000561"]).toBeUndefined();
    expect(await Correction.listNotices(region.as("amara.okafor"), {})).toMatchObject([
      { kind: "move", isUndo: true },
    ]);
    expect(await Correction.listNotices(ctx().reader, {})).toMatchObject([{ isUndo: true }]);
    expect(await codeOf(Correction.undo(ctx().manager, { correctionId, reason: "again" }))).toBe("NOT_DONE");
  });
  it("is shown again as it was when the second person says no", async () => {
    const patientId = await patientOf("RXC-2002");
    const move = { kind: "move", studyId: asked.studyId, patientId, reason: "are they hers?" } as const;
    const { correctionId: second } = await Correction.ask(ctx().radiographer, move);
    expect(await codeOf(Correction.ask(ctx().manager, move))).toBe("ALREADY_ASKED");
    expect(
      await Correction.decline(ctx().manager, { correctionId: second, reason: "no, they are not" }),
    ).toMatchObject({
      state: "declined",
    });
    expect((await Study.open(ctx().reader, { studyId: asked.studyId })).patient).toMatchObject({
      family: "Alder",
    });
    expect(await codeOf(Correction.confirm(ctx().manager, { correctionId: second }))).toBe("ALREADY_DECIDED");
  });
  it("is refused for whoever isn't the custodian's, and to a patient without a number there", async () => {
    const patientId = await patientOf("RXC-2002");
    const move = { kind: "move", studyId: asked.studyId, patientId, reason: "not theirs" } as const;
    expect(await codeOf(Correction.ask(ctx().reader, move))).toBe("not-for-this-role");
    expect(await codeOf(Correction.ask(region.as("sunita.kaur"), move))).toBe("not-your-trust");
    await sendAll(
      region,
      "RTK",
      image({ of: { ...birch, localNumber: "RTK-1", nhs: "9990000034", family: "Cedar" } }),
    );
    const stranger = await patientOf("RTK-1", "RTK");
    expect(await codeOf(Correction.ask(ctx().manager, { ...move, patientId: stranger }))).toBe(
      "NO_RECORD_HERE",
    );
    expect(await codeOf(Correction.ask(ctx().manager, { ...move, patientId: asked.patientId }))).toBe(
      "SAME_PATIENT",
    );
  });
});
