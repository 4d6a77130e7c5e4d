import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Reporting from "@weald/core/reporting";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, codeOf, dicom, image, report, rowan, rowOn, rows, sendAll, studyIdOf } from "./sent.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
const birch = {
  localNumber: "B1",
  nhs: "9990000026",
  family: "Birch",
  given: "Linden",
  born: "19780912",
  sex: "M",
};

const hasDciodvfy = (() => {
  try {
    execFileSync("sh", ["-c", "command -v dciodvfy"]);
    return true;
  } catch {
    console.log("LEFT OUT a rejection note passes dciodvfy: dciodvfy (Debian package dicom3tools)");
    return false;
  }
})();

/** dciodvfy says what it finds on standard error and ends well all the same. */
function errorsOf(bytes: Uint8Array): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "weald-note-"));
  try {
    const file = path.join(folder, "note.dcm");
    writeFileSync(file, bytes);
    const said = execFileSync("sh", ["-c", `dciodvfy "${file}" 2>&1 || true`], { encoding: "utf8" });
    return said.split("\n").filter((line) => line.startsWith("Error"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("images that a trust puts right", () => {
  let region: Region;
  let [reader, manager, radiographer]: Ctx[] = [];
  const who = () => ({ reader: reader as Ctx, manager: manager as Ctx, radiographer: radiographer as Ctx });
  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("rohan.patel");
    manager = region.as("tom.reyes");
    radiographer = region.as("grace.fielding");
  }, 60_000);
  afterAll(() => region.stop());

  async function sent(shots: Parameters<typeof bytesOf>[0][]) {
    const study = shots[0]?.study ?? "";
    await sendAll(region, "RXC", ...shots.map((shot) => image(shot)));
    const studyId = await studyIdOf(region, study);
    return { studyId, opened: await Study.open(who().reader, { studyId }) };
  }
  const instancesOf = async (seriesId: string) =>
    (await Study.readSeries(who().reader, { seriesId })).instances;
  const patientOf = async (localNumber: string) => {
    const [row] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM patient_record WHERE local_number = $1 AND custodian = 'RXC'",
      localNumber,
    );
    return row?.id ?? "";
  };

  describe("rejected", () => {
    const [study, series] = [mintUid(), mintUid()];
    const bad = bytesOf({ study, series, number: 2, counted: 3, grey: 2 });
    let studyId = "";
    let seriesId = "";
    let badId = "";
    let correctionId = "";
    beforeAll(async () => {
      await sendAll(region, "RXC", image({ study, series, number: 1, counted: 3 }), dicom(bad));
      await sendAll(region, "RXC", image({ study, series, number: 3, counted: 3 }));
      studyId = await studyIdOf(region, study);
      seriesId = (await Study.open(who().reader, { studyId })).series[0]?.seriesId ?? "";
      badId =
        (await instancesOf(seriesId)).find(({ instanceNumber }) => instanceNumber === 2)?.instanceId ?? "";
    });

    it("one image, for its quality: no door serves it, and the number says that one is set aside", async () => {
      const said = await Correction.ask(who().radiographer, {
        kind: "reject",
        studyId,
        level: "instance",
        ids: [badId],
        code: "113001",
        reason: "the patient moved",
      });
      correctionId = said.correctionId;
      expect(said).toMatchObject({ state: "done" });
      expect((await instancesOf(seriesId)).map(({ instanceNumber }) => instanceNumber)).toEqual([1, 3]);
      const { objects } = await Study.signObjects(who().reader, { studyId, instanceIds: [badId] });
      expect(objects).toEqual([{ instanceId: badId, gone: true, code: "NOT_SERVED" }]);
      const opened = await Study.open(who().reader, { studyId });
      expect(opened.series).toHaveLength(1);
      expect(opened.completeness).toEqual({
        state: "complete",
        text: "2 images and 1 set aside, complete by the source's count",
      });
      expect((await rowOn(who().reader, study))?.completeness.text).toContain("2 images and 1 set aside");
      const found = await Study.findInstances(who().reader, { studyInstanceUid: study });
      expect(found.matches).toHaveLength(2);
      const retrieved = await Study.retrieve(who().reader, { studyInstanceUid: study, asStored: "all" });
      expect(retrieved.instances).toHaveLength(2);
      const [listed] = (await Study.findStudies(who().reader, { parameters: [["StudyInstanceUID", study]] }))
        .matches;
      expect(listed?.["00201208"]?.Value).toEqual([2]);
      expect(listed?.["00080061"]?.Value).toEqual(["DX"]);
    });
    it("leaves a Key Object Selection document in the archive that says what and why, and passes dciodvfy", async () => {
      const [note] = await rows<{
        object_key: string;
        header: Record<string, { Value?: unknown[] }>;
        rejected_at: Date | null;
      }>(
        region,
        `SELECT i.object_key, i.header, e.rejected_at FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i
         WHERE e.study_id = $1::uuid AND e.modality = 'KO'`,
        studyId,
      );
      expect(JSON.stringify(note?.header["0040A043"])).toContain("113001");
      expect(JSON.stringify(note?.header["0040A375"])).toContain(series);
      expect(note?.rejected_at).not.toBeNull();
      const chunks: Uint8Array[] = [];
      for await (const chunk of await region.service.ports.archive.read(note?.object_key ?? ""))
        chunks.push(chunk);
      const bytes = new Uint8Array(Buffer.concat(chunks));
      expect(Buffer.from(bytes).toString("latin1")).toContain("Rejected for Quality Reasons");
      if (hasDciodvfy) expect(errorsOf(bytes)).toEqual([]);
    });
    it("stays rejected when it comes again, and its sender is told", async () => {
      expect(await sendAll(region, "RXC", dicom(bad))).toEqual(["duplicate REJECTED"]);
      expect(await instancesOf(seriesId)).toHaveLength(2);
      const [item] = await rows<{ message: string }>(
        region,
        "SELECT message FROM inbox_item WHERE code = 'REJECTED'",
      );
      expect(item?.message).toContain("stays rejected");
    });
    it("is taken back by an undo, under a version that no cache knows", async () => {
      await Correction.undo(who().manager, { correctionId, reason: "it is good enough" });
      expect(await instancesOf(seriesId)).toHaveLength(3);
      expect((await Study.open(who().reader, { studyId })).completeness.text).toBe(
        "3 images, complete by the source's count",
      );
    });
    it("a whole study without a report: at once; with one it waits for a second person, who confirms", async () => {
      const whole = {
        kind: "reject",
        level: "study",
        ids: [] as string[],
        code: "113038",
        reason: "the wrong worklist entry",
      } as const;
      const lone = mintUid();
      const { studyId: loneId } = await sent([{ study: lone, of: rowan({ localNumber: "L1", nhs: "" }) }]);
      expect(await Correction.ask(who().manager, { ...whole, studyId: loneId })).toMatchObject({
        state: "done",
      });
      expect(await codeOf(Study.open(who().reader, { studyId: loneId }))).toBe("STUDY_NOT_FOUND");
      expect(await rowOn(who().reader, lone)).toBeUndefined();
      const ask = { parameters: [["StudyInstanceUID", lone]] as [string, string][] };
      expect((await Study.findStudies(who().reader, ask)).matches).toEqual([]);
      expect(await codeOf(Correction.ask(who().manager, { ...whole, studyId: loneId }))).toBe(
        "NOTHING_SERVED",
      );
      expect(
        await sendAll(
          region,
          "RXC",
          image({ study: lone, number: 9, of: rowan({ localNumber: "L1", nhs: "" }) }),
        ),
      ).toEqual(["accepted STUDY_REJECTED"]);
      expect(await codeOf(Study.open(who().reader, { studyId: loneId }))).toBe("STUDY_NOT_FOUND");

      const reported = mintUid();
      const { studyId: reportedId } = await sent([{ study: reported, accession: "R9" }]);
      await sendAll(
        region,
        "RXC",
        report({ accession: "R9", id: "r9", at: "20261101120000", status: "F", text: "Normal." }),
      );
      const { correctionId: waits, state } = await Correction.ask(who().manager, {
        ...whole,
        studyId: reportedId,
      });
      expect(state).toBe("waiting");
      const { corrections } = await Correction.listCorrections(who().radiographer, { which: "waiting" });
      expect(corrections).toMatchObject([
        { correctionId: waits, mayBeConfirmed: true, from: { family: "Alder" } },
      ]);
      expect((await Correction.listCorrections(who().manager, {})).corrections[0]?.mayBeConfirmed).toBe(
        false,
      );
      await Correction.confirm(who().radiographer, { correctionId: waits });
      expect(await codeOf(Study.open(who().reader, { studyId: reportedId }))).toBe("STUDY_NOT_FOUND");
      const notes = await rows<{ id: string }>(
        region,
        "SELECT i.id::text FROM series e CROSS JOIN LATERAL weald.instances_of(e.id) i WHERE e.study_id = $1::uuid AND e.modality = 'KO'",
        reportedId,
      );
      expect(notes).toHaveLength(1);
    });
    it("all of a reported study's series, one after the other, is the whole study: the last takes a second person", async () => {
      const [two, one, other] = [mintUid(), mintUid(), mintUid()];
      const { studyId: twoId, opened } = await sent([
        { study: two, series: one, accession: "R8", modality: "CT" },
        { study: two, series: other, accession: "R8" },
      ]);
      await sendAll(
        region,
        "RXC",
        report({ accession: "R8", id: "r8", at: "20261101120000", status: "F", text: "Normal." }),
      );
      const states: string[] = [];
      for (const { seriesId: id } of opened.series)
        states.push(
          (
            await Correction.ask(who().manager, {
              kind: "reject",
              studyId: twoId,
              level: "series",
              ids: [id],
              code: "113001",
              reason: "blurred",
            })
          ).state,
        );
      expect(states).toEqual(["done", "waiting"]);
      expect((await rowOn(who().reader, two))?.modalities).toHaveLength(1);
    });
  });

  describe("split", () => {
    const [study, hers, his] = [mintUid(), mintUid(), mintUid()];
    let studyId = "";
    let newStudyId = "";
    let hisSeriesId = "";
    beforeAll(async () => {
      await sendAll(region, "RXC", image({ of: birch, accession: "B1" }));
      const made = await sent([
        { study, series: hers, number: 1, accession: "S1", more: { "00200011": text("IS", "1") } },
        { study, series: his, number: 1, accession: "S1", grey: 3, more: { "00200011": text("IS", "2") } },
        { study, series: hers, number: 2, accession: "S1", grey: 4, more: { "00200011": text("IS", "1") } },
      ]);
      studyId = made.studyId;
      hisSeriesId = made.opened.series.find((one) => one.seriesInstanceUid === his)?.seriesId ?? "";
    });
    let correctionId = "";

    it("a series goes to a study of its own of the right patient, in every header; the rest stays", async () => {
      const said = await Correction.ask(who().manager, {
        kind: "split",
        studyId,
        level: "series",
        ids: [hisSeriesId],
        into: { patientId: await patientOf("B1") },
        reason: "two patients in one study",
      });
      correctionId = said.correctionId;
      const [header] = (await instancesOf(hisSeriesId)).map((one) => one.header);
      expect(header?.["00100020"]?.Value).toEqual(["B1"]);
      const uid = String(header?.["0020000D"]?.Value?.[0]);
      expect(uid).not.toBe(study);
      newStudyId = await studyIdOf(region, uid);
      expect((await Study.open(who().reader, { studyId: newStudyId })).patient.family).toBe("Birch");
      expect(
        (await Study.open(who().reader, { studyId })).series.map((one) => one.seriesInstanceUid),
      ).toEqual([hers]);
      expect(await rowOn(who().reader, uid)).toMatchObject({
        patient: { family: "Birch" },
        accessionNumber: undefined,
      });
    });
    it("a late image of that series follows it, though it still names the first study and patient", async () => {
      expect(
        await sendAll(region, "RXC", image({ study, series: his, number: 2, accession: "S1", grey: 5 })),
      ).toEqual(["accepted"]);
      const instances = await instancesOf(hisSeriesId);
      expect(instances.map(({ header }) => header["00100020"]?.Value)).toEqual([["B1"], ["B1"]]);
    });
    it("moved on to a third patient, no level still says the second", async () => {
      await sendAll(
        region,
        "RXC",
        image({
          of: {
            ...birch,
            localNumber: "C1",
            nhs: "9990000034",
            family: "Cedar",
            given: "Ash",
            born: "19500101",
          },
        }),
      );
      const moved = await Correction.ask(who().manager, {
        kind: "move",
        studyId: newStudyId,
        patientId: await patientOf("C1"),
        reason: "a third one's",
      });
      for (const { header } of await instancesOf(hisSeriesId))
        expect(header["00100020"]?.Value).toEqual(["C1"]);
      expect(await codeOf(Correction.undo(who().manager, { correctionId, reason: "out of order" }))).toBe(
        "UNDO_NEWER_FIRST",
      );
      await Correction.undo(who().manager, { correctionId: moved.correctionId, reason: "not theirs" });
      for (const { header } of await instancesOf(hisSeriesId))
        expect(header["00100020"]?.Value).toEqual(["B1"]);
    });
    it("goes back whole by an undo; the study that was made for it is nobody's any more", async () => {
      await Correction.undo(who().radiographer, { correctionId, reason: "they were hers" });
      const opened = await Study.open(who().reader, { studyId });
      expect(opened.series).toHaveLength(2);
      for (const { header } of await instancesOf(hisSeriesId)) {
        expect(header["00100020"]?.Value).toEqual(["RXC-1001"]);
        expect(header["0020000D"]?.Value).toEqual([study]);
      }
      expect(await codeOf(Study.open(who().reader, { studyId: newStudyId }))).toBe("STUDY_NOT_FOUND");
    });
    it("single images go into an existing study, in a series of their own there, and are not missing here", async () => {
      const existing = mintUid();
      const { studyId: existingId } = await sent([
        { study: existing, of: birch, accession: "B7", description: "Knee" },
      ]);
      const herSeries = (await Study.open(who().reader, { studyId })).series.find(
        (one) => one.seriesInstanceUid === hers,
      );
      const [first, second] = await instancesOf(herSeries?.seriesId ?? "");
      const before = first?.version ?? 0;
      const said = await Correction.ask(who().manager, {
        kind: "split",
        studyId,
        level: "instance",
        ids: [first?.instanceId ?? ""],
        into: { studyId: existingId },
        reason: "this one is his",
      });
      const there = await Study.open(who().reader, { studyId: existingId });
      expect(there.series).toHaveLength(2);
      const made = there.series.find(
        (one) =>
          one.seriesInstanceUid.startsWith("2.25.") &&
          one.instanceCount === 1 &&
          one.description === undefined &&
          one.number === 1,
      );
      const moved = made ? (await instancesOf(made.seriesId))[0] : undefined;
      expect(moved).toMatchObject({ instanceId: first?.instanceId });
      expect(moved?.version).toBeGreaterThan(before);
      expect(moved?.header["0020000D"]?.Value).toEqual([existing]);
      expect(moved?.header["0020000E"]?.Value).toEqual([made?.seriesInstanceUid]);
      expect(moved?.header["00100020"]?.Value).toEqual(["B1"]);
      expect(moved?.header["00080050"]?.Value).toEqual(["B7"]);
      const here = (await Study.open(who().reader, { studyId })).series.find(
        (one) => one.seriesInstanceUid === hers,
      );
      expect(here?.completeness.text).toBe("1 image and 1 set aside, quiet, not confirmed");
      await Correction.undo(who().manager, { correctionId: said.correctionId, reason: "it was hers" });
      expect((await instancesOf(herSeries?.seriesId ?? "")).map(({ instanceId }) => instanceId)).toEqual([
        first?.instanceId,
        second?.instanceId,
      ]);
      expect((await Study.open(who().reader, { studyId: existingId })).series).toHaveLength(1);
    });
    it("all of a study is a move, not a split; what isn't in the study is refused", async () => {
      const patientId = await patientOf("B1");
      const { series } = await Study.open(who().reader, { studyId });
      const all = series.map(({ seriesId }) => seriesId);
      const split = {
        kind: "split",
        studyId,
        level: "series",
        into: { patientId },
        reason: "all of it",
      } as const;
      expect(await codeOf(Correction.ask(who().manager, { ...split, ids: all }))).toBe("WHOLE_STUDY");
      expect(await codeOf(Correction.ask(who().manager, { ...split, ids: [studyId] }))).toBe(
        "NOTHING_SERVED",
      );
      expect(
        await codeOf(Correction.ask(who().manager, { ...split, ids: [...all.slice(0, 1), studyId] })),
      ).toBe("NOT_IN_STUDY");
    });
  });

  describe("corrected", () => {
    const study = mintUid();
    let studyId = "";
    let seriesId = "";
    beforeAll(async () => {
      const made = await sent([
        {
          study,
          of: rowan({ localNumber: "K1", nhs: "" }),
          accession: "K1",
          date: "20261030",
          description: "Knee",
          more: { "00180015": text("CS", "KNEE"), "00200062": text("CS", "R"), "0008103E": text("LO", "AP") },
        },
      ]);
      studyId = made.studyId;
      seriesId = made.opened.series[0]?.seriesId ?? "";
    });
    it("the side, in both attributes that name it; body part and description too; and back by undo", async () => {
      const said = await Correction.ask(who().radiographer, {
        kind: "correct",
        studyId,
        level: "series",
        ids: [seriesId],
        says: { laterality: "L", bodyPart: "LEG", description: "Lateral" },
        reason: "the marker says left",
      });
      const [served] = await instancesOf(seriesId);
      expect(served?.header["00200062"]?.Value).toEqual(["L"]);
      expect(served?.header["00200060"]?.Value).toEqual(["L"]);
      expect(JSON.stringify(served?.header["04000561"])).toContain('"00200062":{"vr":"CS","Value":["R"]}');
      expect((await Study.open(who().reader, { studyId })).series[0]).toMatchObject({
        laterality: "L",
        bodyPart: "LEG",
        description: "Lateral",
      });
      expect(await rowOn(who().reader, study)).toMatchObject({ bodyParts: ["LEG"] });
      await Correction.undo(who().radiographer, { correctionId: said.correctionId, reason: "it was right" });
      expect((await instancesOf(seriesId))[0]?.header["00200062"]?.Value).toEqual(["R"]);
      expect((await Study.open(who().reader, { studyId })).series[0]).toMatchObject({
        laterality: "R",
        bodyPart: "KNEE",
      });
    });
    it("the date: lists filter and sort by what is served", async () => {
      const on = async (day: string) =>
        (await Worklist.list(who().reader, { filters: { from: day, to: day } })).rows.some(
          (row) => row.studyId === studyId,
        );
      expect([await on("2026-10-30"), await on("2025-03-01")]).toEqual([true, false]);
      const asked = {
        kind: "correct",
        studyId,
        level: "study",
        says: { studyDate: "2025-03-01" },
        reason: "the clock was wrong",
      } as const;
      const { correctionId } = await Correction.ask(who().manager, asked);
      expect([await on("2026-10-30"), await on("2025-03-01")]).toEqual([false, true]);
      expect((await Study.open(who().reader, { studyId })).studiedAt).toBe("2025-03-01T09:30:00.000Z");
      await Correction.undo(who().manager, { correctionId, reason: "it was right" });
      expect([await on("2026-10-30"), await on("2025-03-01")]).toEqual([true, false]);
    });
    it("the accession number: the report of the new one is its, the old one's no more", async () => {
      const of = rowan({ localNumber: "K1", nhs: "" });
      await sendAll(
        region,
        "RXC",
        report({
          accession: "K2",
          id: "k2",
          at: "20261101120000",
          status: "F",
          text: "Left knee normal.",
          of,
        }),
      );
      expect((await Reporting.read(who().reader, { studyId })).state).toBe("none-received");
      const asked = {
        kind: "correct",
        studyId,
        level: "study",
        says: { accessionNumber: "K2" },
        reason: "typed wrongly",
      } as const;
      await Correction.ask(who().manager, asked);
      expect((await Reporting.read(who().reader, { studyId })).state).toBe("final");
      expect((await rowOn(who().reader, study))?.reportState).toBe("final");
      await sendAll(
        region,
        "RXC",
        report({
          accession: "K2",
          id: "k3",
          at: "20261102120000",
          status: "A",
          text: "Addendum.",
          of,
          filler: "K2-b",
        }),
      );
      expect((await Reporting.read(who().reader, { studyId })).state).toBe("addendum");
    });
    it("nothing that its level doesn't have", async () => {
      const asked = {
        kind: "correct",
        studyId,
        level: "study",
        says: { laterality: "L" },
        reason: "left",
      } as const;
      expect(await codeOf(Correction.ask(who().manager, asked))).toBe("NOT_AT_THIS_LEVEL");
    });
  });

  it("a restricted record by its PACS manager, who sees no image of it, and by nobody else", async () => {
    const { studyId } = await sent([{ study: mintUid(), of: rowan({ localNumber: "V1", nhs: "" }) }]);
    await rows(
      region,
      "UPDATE patient_record SET sensitivities = '{vip}' WHERE local_number = 'V1' RETURNING id::text",
    );
    const reject = { kind: "reject", studyId, level: "study", code: "113037", reason: "unsafe" } as const;
    expect(await codeOf(Correction.ask(region.as("grace.fielding"), reject))).toBe("sensitive");
    expect(await codeOf(Study.describe(region.as("grace.fielding"), { studyId }))).toBe("not-for-this-role");
    expect(await codeOf(Study.describe(region.as("sunita.kaur"), { studyId }))).toBe("not-your-trust");
    expect(await codeOf(Study.open(who().manager, { studyId }))).toBe("sensitive");
    const described = await Study.describe(who().manager, { studyId });
    expect(described.patient.localNumber).toBe("V1");
    const [series] = described.series;
    expect(await codeOf(Study.readSeries(who().manager, { seriesId: series?.seriesId ?? "" }))).toBe(
      "sensitive",
    );
    expect((await Correction.ask(who().manager, reject)).state).toBe("done");
  });
});
