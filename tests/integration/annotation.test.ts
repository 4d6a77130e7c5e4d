import { randomUUID } from "node:crypto";
import * as Annotation from "@weald/core/annotation";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import { Region } from "@weald/dev-env/region";
import { EXPLICIT_LITTLE, mintUid, writePart10 } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, codeOf, datasetOf, image, request, rowan, rows, sendAll, studyIdOf } from "./sent.ts";

const birch = {
  localNumber: "B1",
  nhs: "9990000026",
  family: "Birch",
  given: "Linden",
  born: "19780912",
  sex: "M",
};
const text = (vr: string, ...Value: string[]) => ({ vr, Value });

type Frame = { instanceId: string; instanceVersion: number; frame: number };
const length = (more: object = {}) => ({
  ...{ kind: "measurement" as const, tool: "length" as const, label: "nodule", source: "in the patient" },
  places: [
    { column: 1, row: 1 },
    { column: 2, row: 2 },
  ],
  values: [{ name: "Length", value: 14.2, unit: "mm" }],
  ...more,
});

describe("marks of readers", () => {
  let region: Region;
  let [amara, rohan, ines, manager, reporter]: Ctx[] = [];
  const who = () => ({
    amara: amara as Ctx,
    rohan: rohan as Ctx,
    ines: ines as Ctx,
    manager: manager as Ctx,
    reporter: reporter as Ctx,
  });
  beforeAll(async () => {
    region = await Region.create();
    [amara, rohan, ines] = [region.as("amara.okafor"), region.as("rohan.patel"), region.as("ines.marlow")];
    [manager, reporter] = [region.as("tom.reyes"), region.as("helen.whitlock")];
  }, 60_000);
  afterAll(() => region.stop());

  async function sent(...shots: Parameters<typeof bytesOf>[0][]) {
    await sendAll(region, "RXC", ...shots.map((shot) => image(shot)));
    return studyIdOf(region, shots[0]?.study ?? "");
  }
  async function frameOf(studyId: string, at = 0): Promise<Frame & { seriesId: string }> {
    const { series } = await Study.open(who().rohan, { studyId });
    const seriesId = series[0]?.seriesId ?? "";
    const { instances } = await Study.readSeries(who().rohan, { seriesId });
    const { instanceId = "", version = 0 } = instances[at] ?? {};
    return { instanceId, instanceVersion: version, frame: 1, seriesId };
  }
  async function drawn(ctx: Ctx, studyId: string, frame: Frame, content: object = length()) {
    const markId = randomUUID();
    const { instanceId, instanceVersion } = frame;
    await Annotation.saveMark(ctx, {
      ...{ studyId, markId, version: 0 },
      frame: { instanceId, instanceVersion, frame: frame.frame },
      content: content as never,
    });
    return markId;
  }
  const listed = async (ctx: Ctx, studyId: string) => (await Annotation.listMarks(ctx, { studyId })).marks;
  const idsOf = async (ctx: Ctx, studyId: string) => (await listed(ctx, studyId)).map(({ markId }) => markId);

  it("a draft is its author's; published it reaches every reader with author, role, trust, value and source", async () => {
    const studyId = await sent({ study: mintUid() });
    const frame = await frameOf(studyId);
    const markId = await drawn(who().rohan, studyId, frame);
    expect(await idsOf(who().amara, studyId)).toEqual([]);
    expect(await codeOf(Annotation.publishMarks(who().amara, { studyId, markIds: [markId] }))).toBe(
      "MARK_NOT_FOUND",
    );
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [markId] });
    const [mark] = await listed(who().amara, studyId);
    expect(mark).toMatchObject({
      state: "published",
      standing: "stands",
      author: { role: "radiologist", organisation: "RA2", isMe: false },
      said: {
        content: { values: [{ value: 14.2, unit: "mm" }], source: "in the patient" },
        seriesId: frame.seriesId,
      },
    });
    expect(await codeOf(Annotation.withdrawMark(who().amara, { studyId, markId }))).toBe("not-your-mark");
    const audited = await rows<{ action: string; kept: string }>(
      region,
      `SELECT action, to_jsonb(a)::text AS kept FROM audit_event a
       WHERE study_id = $1::uuid AND action LIKE 'annotation.%' AND outcome = 'success'`,
      studyId,
    );
    expect(new Set(audited.map(({ action }) => action))).toEqual(
      new Set(["annotation.save-mark", "annotation.list-marks", "annotation.publish-marks"]),
    );
    expect(audited.map(({ kept }) => kept).join()).not.toContain("nodule");
  });

  it("saved twice it is made once; of two windows the slower is told, and loses nothing", async () => {
    const studyId = await sent({ study: mintUid() });
    const frame = await frameOf(studyId);
    const markId = randomUUID();
    const { seriesId: _of, ...place } = frame;
    const save = (version: number, label: string, id = markId) =>
      Annotation.saveMark(who().rohan, {
        ...{ studyId, markId: id, version, frame: place },
        content: length({ label }) as never,
      });
    await Promise.all([save(0, "a"), save(0, "a"), save(0, "a")]);
    expect(await idsOf(who().rohan, studyId)).toEqual([markId]);
    expect(await save(1, "b")).toMatchObject({ version: 2 });
    expect(await save(1, "b")).toMatchObject({ version: 2 });
    expect(await codeOf(save(1, "c"))).toBe("MARK_CHANGED");
    await save(0, "c", randomUUID());
    const labels = (await listed(who().rohan, studyId)).map(
      ({ said }) => said && "label" in said.content && said.content.label,
    );
    expect(labels.toSorted()).toEqual(["b", "c"]);
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [markId] });
    expect(await codeOf(save(2, "d"))).toBe("MARK_IS_FIXED");
  });

  it("withdrawn it is gone for others and kept for its author, who brings it back as it was", async () => {
    const studyId = await sent({ study: mintUid() });
    const markId = await drawn(who().rohan, studyId, await frameOf(studyId));
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [markId] });
    await Annotation.withdrawMark(who().rohan, { studyId, markId });
    expect(await idsOf(who().amara, studyId)).toEqual([]);
    expect(await listed(who().rohan, studyId)).toMatchObject([{ markId, state: "withdrawn" }]);
    await Annotation.withdrawMark(who().rohan, { studyId, markId, isBack: true });
    expect(await listed(who().amara, studyId)).toMatchObject([{ markId, state: "published" }]);
  });

  it("is of an image of this study, and a view of none", async () => {
    const [studyId, other] = [await sent({ study: mintUid() }), await sent({ study: mintUid() })];
    expect(await codeOf(drawn(who().rohan, studyId, await frameOf(other)))).toBe("IMAGE_NOT_SERVED");
    expect(
      await codeOf(
        Annotation.saveMark(who().rohan, {
          ...{ studyId, markId: randomUUID(), version: 0 },
          content: { kind: "key-image", note: "" },
        }),
      ),
    ).toBe("MARK_WITHOUT_IMAGE");
    expect(await codeOf(drawn(who().rohan, studyId, await frameOf(studyId), length({ places: [] })))).toBe(
      "INPUT_INVALID",
    );
  });

  it("stops when its image is rejected, and stands again when that is undone", async () => {
    const [study, series] = [mintUid(), mintUid()];
    const studyId = await sent({ study, series, number: 1 }, { study, series, number: 2 });
    const frame = await frameOf(studyId, 1);
    const kept = await drawn(who().rohan, studyId, await frameOf(studyId));
    const markId = await drawn(who().rohan, studyId, frame);
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [kept, markId] });
    const { correctionId } = await Correction.ask(who().manager, {
      ...{ kind: "reject", studyId, level: "instance", ids: [frame.instanceId] },
      ...{ code: "113001", reason: "the wrong way up" },
    } as never);
    const byId = async () => new Map((await listed(who().amara, studyId)).map((mark) => [mark.markId, mark]));
    expect((await byId()).get(markId)).toMatchObject({ standing: "gone", said: undefined });
    expect((await byId()).get(kept)).toMatchObject({ said: { content: { tool: "length" } } });
    await Correction.undo(who().manager, { correctionId, reason: "it was right" });
    expect((await byId()).get(markId)?.said).toBeDefined();
  });

  it("stops when the study turns out to be another patient's, link and all", async () => {
    await sent({ study: mintUid(), of: birch });
    const studyId = await sent({ study: mintUid(), of: rowan({ localNumber: "RXC-77", nhs: "" }) });
    const markId = await drawn(who().rohan, studyId, await frameOf(studyId));
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [markId] });
    const viewId = randomUUID();
    const { seriesId } = await frameOf(studyId);
    await Annotation.saveMark(who().rohan, {
      ...{ studyId, markId: viewId, version: 0 },
      content: { kind: "view", rows: 1, columns: 1, active: 0, panes: [{ studyId, seriesId }] },
    });
    expect((await Annotation.openView(who().amara, { studyId, viewId })).view.panes[0]).toMatchObject({
      seriesId,
    });
    const [to] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM patient_record WHERE local_number = 'B1' AND custodian = 'RXC'",
    );
    await Correction.ask(who().manager, {
      ...{ kind: "move", studyId, patientId: to?.id ?? "", reason: "the wrong name was chosen" },
    } as never);
    expect(await listed(who().amara, studyId)).toMatchObject([
      { markId, standing: "moved", said: undefined },
    ]);
    expect(await codeOf(Annotation.openView(who().amara, { studyId, viewId }))).toBe("VIEW_NOT_FOUND");
  });

  it("a link opens for who may see the study, each time anew, and for nobody else", async () => {
    const studyId = await sent({ study: mintUid() });
    const viewId = randomUUID();
    const { seriesId, instanceId } = await frameOf(studyId);
    const pane = { studyId, seriesId, instanceId, frame: 1, window: { center: 40, width: 400 }, zoom: 2 };
    await Annotation.saveMark(who().rohan, {
      ...{ studyId, markId: viewId, version: 0 },
      content: { kind: "view", rows: 1, columns: 2, active: 1, panes: [null, pane] },
    });
    const { view } = await Annotation.openView(who().amara, { studyId, viewId });
    expect(view).toMatchObject({ columns: 2, active: 1, panes: [null, { window: { center: 40 }, zoom: 2 }] });
    expect(await codeOf(Annotation.openView(who().ines, { studyId, viewId }))).toBe("no-relationship");
    expect(await codeOf(Annotation.openView(who().amara, { studyId, viewId: randomUUID() }))).toBe(
      "VIEW_NOT_FOUND",
    );
    expect(await idsOf(who().rohan, studyId)).toEqual([]);
  });

  it("of a screening study nothing of one reader reaches another until theirs is in", async () => {
    const accession = "SCREEN1";
    const studyId = await sent({
      ...{ study: mintUid(), modality: "MG", accession },
      more: { "00081032": { vr: "SQ", Value: [{ "00080100": text("SH", "24623002") }] } },
    });
    const frame = await frameOf(studyId);
    const markId = await drawn(who().rohan, studyId, frame);
    await Annotation.publishMarks(who().rohan, { studyId, markIds: [markId] });
    const viewId = randomUUID();
    await Annotation.saveMark(who().rohan, {
      ...{ studyId, markId: viewId, version: 0 },
      content: { kind: "view", rows: 1, columns: 1, active: 0, panes: [null] },
    });
    const [amara, rohan] = [who().amara, who().rohan];
    expect(await Annotation.listMarks(amara, { studyId })).toEqual({
      marks: [],
      reading: { isScreening: true, isIn: false },
    });
    expect(await codeOf(Annotation.openView(amara, { studyId, viewId }))).toBe("read-blind");
    expect(await idsOf(rohan, studyId)).toEqual([markId]);
    const files = [{ ref: "a", sizeBytes: 100, kind: "dicom" as const }];
    expect(await codeOf(Annotation.beginExport(rohan, { studyId, files }))).toBe("READ_BLIND");
    await Annotation.finishRead(amara, { studyId });
    await Annotation.finishRead(amara, { studyId });
    expect(await idsOf(amara, studyId)).toEqual([markId]);
    expect(await Annotation.openView(amara, { studyId, viewId })).toMatchObject({ view: { rows: 1 } });
    // Hers reach nobody else by that.
    expect(await idsOf(who().reporter, studyId)).toEqual([]);
  });

  it("a request's procedure code says that it is screening too, and an ordinary study has no read to finish", async () => {
    const accession = "SCREEN2";
    const study = mintUid();
    const studyId = await sent({ study, modality: "MG", accession });
    expect(await codeOf(Annotation.finishRead(who().rohan, { studyId }))).toBe("NOT_SCREENING");
    const [one] = [request({ accession, id: "M1", at: "20261101080000" })];
    const message = Buffer.from((await one.read()) as Uint8Array)
      .toString()
      .replace("XCHES^Chest", "XMAMS^Screening");
    await sendAll(region, "RXC", {
      ...one,
      sizeBytes: message.length,
      read: async () => Buffer.from(message),
    } as never);
    await Annotation.finishRead(who().rohan, { studyId });
  });

  it("a picture is on record as taken out; without patient text not where a name may be burned in, until somebody looked", async () => {
    const studyId = await sent({ study: mintUid(), modality: "US" });
    const { instanceId } = await frameOf(studyId);
    const take = (more: { withPatientText: boolean; isLookedAt?: boolean }) =>
      Takeout.takePicture(who().rohan, { studyId, instanceId, frame: 1, ...more });
    expect(await codeOf(take({ withPatientText: false }))).toBe("LOOK_FIRST");
    await take({ withPatientText: false, isLookedAt: true });
    await take({ withPatientText: true });
    const other = await sent({ study: mintUid() });
    expect(
      await codeOf(
        Takeout.takePicture(who().rohan, { studyId: other, instanceId, frame: 1, withPatientText: true }),
      ),
    ).toBe("IMAGE_NOT_SERVED");
    expect(
      await codeOf(Takeout.takePicture(who().ines, { studyId, instanceId, frame: 1, withPatientText: true })),
    ).toBe("no-relationship");
    // Words that somebody typed may name the patient, too: of any image.
    const { instanceId: ct } = await frameOf(other);
    const drawn = { studyId: other, instanceId: ct, frame: 1, withPatientText: false, withDrawings: true };
    expect(await codeOf(Takeout.takePicture(who().rohan, { ...drawn, hasWords: true }))).toBe("LOOK_FIRST");
    await Takeout.takePicture(who().rohan, { ...drawn, how: "print" });
    await Takeout.takePicture(who().rohan, { ...drawn, hasWords: true, isLookedAt: true });
    expect(
      await rows(
        region,
        "SELECT detail->'how' AS how, detail->'hasWords' AS words FROM audit_event WHERE study_id = $1::uuid AND action = 'takeout.take-picture' AND outcome = 'success' ORDER BY at",
        other,
      ),
    ).toEqual([
      { how: "print", words: false },
      { how: "file", words: true },
    ]);
    const taken = await rows<{ verb: string }>(
      region,
      "SELECT verb FROM audit_event WHERE study_id = $1::uuid AND action = 'takeout.take-picture' AND outcome = 'success'",
      studyId,
    );
    expect(taken).toEqual([{ verb: "taken-out" }, { verb: "taken-out" }]);
  });

  describe("what a reader makes of a study goes in as its own", () => {
    const exported = async (ctx: Ctx, studyId: string, bytes: Uint8Array) => {
      const files = [{ ref: "a", sizeBytes: bytes.length, kind: "dicom" as const }];
      const { uploadId, items } = await Annotation.beginExport(ctx, { studyId, files });
      const [item] = items;
      if (!item) throw new Error("no URL");
      const { put } = item;
      await fetch(put.url, { method: put.method, headers: put.headers, body: Buffer.from(bytes) });
      await region.drain();
      const [outcome] = await Annotation.readExport(ctx, { studyId, uploadId, itemIds: [item.itemId] });
      return outcome?.outcome;
    };
    const keyObjects = (study: string, of = rowan()) => {
      const {
        "00280002": _a,
        "00280004": _b,
        "00280010": _c,
        "00280011": _d,
        ...rest
      } = datasetOf({ study, of, modality: "KO" });
      return writePart10({
        dataset: { ...rest, "00080016": text("UI", "1.2.840.10008.5.1.4.1.1.88.59") },
        transferSyntaxUid: EXPLICIT_LITTLE,
      } as never);
    };

    it("of another trust's custody too, where the reader may read it", async () => {
      const study = mintUid();
      const studyId = await sent({ study });
      expect(await exported(who().rohan, studyId, keyObjects(study))).toBe("accepted");
      const opened = await Study.open(who().amara, { studyId });
      expect(opened).toMatchObject({ custodian: "RXC" });
      expect(opened.series.map(({ modality }) => modality)).toContain("KO");
    });

    it("and nothing else comes in by that door: no image, no other study, no other patient", async () => {
      const [study, other] = [mintUid(), mintUid()];
      const studyId = await sent({ study });
      expect(await exported(who().rohan, studyId, bytesOf({ study }))).toBe("quarantined");
      expect(await exported(who().rohan, studyId, keyObjects(other))).toBe("quarantined");
      expect(await exported(who().rohan, studyId, keyObjects(study, birch))).toBe("quarantined");
      const codes = await rows<{ code: string }>(region, "SELECT DISTINCT code FROM quarantine_item");
      expect(codes).toEqual([{ code: "NOT_OF_THIS_STUDY" }]);
    });
  });
});
