import { randomUUID } from "node:crypto";
import * as Annotation from "@weald/core/annotation";
import * as Correction from "@weald/core/correction";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { after, at, codeOf, image, report, sendAll, studyIdOf } from "./sent.ts";

const text = (vr: string, ...Value: string[]) => ({ vr, Value });
const SCREENING = { "00081032": { vr: "SQ", Value: [{ "00080100": text("SH", "24623002") }] } };

describe("a person's own looks", () => {
  let region: Region;
  let [rohan, amara, ines, manager]: Ctx[] = [];
  const who = () => ({
    rohan: rohan as Ctx,
    amara: amara as Ctx,
    ines: ines as Ctx,
    manager: manager as Ctx,
  });
  beforeAll(async () => {
    region = await Region.create();
    [rohan, amara, ines] = [region.as("rohan.patel"), region.as("amara.okafor"), region.as("ines.marlow")];
    manager = region.as("tom.reyes");
  }, 60_000);
  afterAll(() => region.stop());

  async function sent(more: Parameters<typeof image>[0]) {
    await sendAll(region, "RXC", image(more));
    return studyIdOf(region, more.study ?? "");
  }
  const newsFor = async (ctx: Ctx, studyId: string) =>
    (await Worklist.listNews(ctx, { studyIds: [studyId] }))[0]?.news ?? [];
  async function rowFor(ctx: Ctx, studyId: string) {
    const { patient } = await Study.open(who().manager, { studyId });
    const { rows } = await Timeline.read(ctx, { patientId: patient.patientId });
    return rows.find((row) => row.studyId === studyId);
  }
  async function marked(ctx: Ctx, studyId: string): Promise<void> {
    const { series } = await Study.open(ctx, { studyId });
    const { instances } = await Study.readSeries(ctx, { seriesId: series[0]?.seriesId ?? "" });
    const { instanceId = "", version: instanceVersion = 0 } = instances[0] ?? {};
    const markId = randomUUID();
    await Annotation.saveMark(ctx, {
      ...{ studyId, markId, version: 0, content: { kind: "key-image", note: "" } },
      frame: { instanceId, instanceVersion, frame: 1 },
    });
    await Annotation.publishMarks(ctx, { studyId, markIds: [markId] });
  }

  it("what came to a study since it was opened is told on list and timeline, by kind, until it is opened again", async () => {
    const shot = { study: mintUid(), series: mintUid(), accession: "LOOKS1" };
    const studyId = await sent(shot);
    expect(await newsFor(who().rohan, studyId)).toEqual([]);
    await Study.open(who().rohan, { studyId });
    expect(await newsFor(who().rohan, studyId)).toEqual([]);

    await sendAll(region, "RXC", image({ ...shot, number: 2 }));
    expect(await newsFor(who().rohan, studyId)).toEqual(["images"]);
    await sendAll(
      region,
      "RXC",
      report({
        ...{ accession: "LOOKS1", id: "LOOKS1", at: "20261101120000" },
        ...{ status: "F", text: "IMPRESSION: clear." },
      }),
    );
    expect(await newsFor(who().rohan, studyId)).toEqual(["images", "report"]);
    await marked(who().amara, studyId);
    expect(await newsFor(who().rohan, studyId)).toEqual(["images", "report", "marks"]);
    expect(await rowFor(who().rohan, studyId)).toMatchObject({
      news: ["images", "report", "marks"],
      isNew: false,
    });
    // One's own marks are no news.
    expect(await newsFor(who().amara, studyId)).toEqual([]);

    await Study.open(who().rohan, { studyId });
    expect(await newsFor(who().rohan, studyId)).toEqual([]);
    expect((await rowFor(who().rohan, studyId))?.news).toEqual([]);
  });

  it("a correction since is told", async () => {
    const studyId = await sent({ study: mintUid() });
    await Study.open(who().rohan, { studyId });
    await Correction.ask(who().manager, {
      ...{ kind: "correct", studyId, level: "study", reason: "the wrong words" },
      says: { description: "Chest, corrected" },
    } as never);
    expect(await newsFor(who().rohan, studyId)).toContain("correction");
  });

  it("of a screening study not even that another reader marked something, until one's own read is in", async () => {
    const studyId = await sent({ study: mintUid(), modality: "MG", more: SCREENING });
    await Study.open(who().rohan, { studyId });
    await marked(who().amara, studyId);
    expect(await newsFor(who().rohan, studyId)).toEqual([]);
    await Annotation.finishRead(who().rohan, { studyId });
    expect(await newsFor(who().rohan, studyId)).toEqual(["marks"]);
  });

  it("nothing is told of a study that isn't on the asker's list", async () => {
    const shot = { study: mintUid(), series: mintUid() };
    const studyId = await sent(shot);
    await Study.open(who().rohan, { studyId });
    await sendAll(region, "RXC", image({ ...shot, number: 2 }));
    expect(await newsFor(who().ines, studyId)).toEqual([]);
    expect(await newsFor(who().rohan, studyId)).toEqual(["images"]);
  });

  const view = (studyId: string) => ({
    ...{ kind: "view" as const, rows: 1, columns: 1, active: 0 },
    panes: [{ studyId, seriesId: randomUUID(), instanceId: randomUUID(), frame: 1 }],
  });
  const keep = async (ctx: Ctx, studyId: string, place: object | null, servedVersion = 1) =>
    Annotation.keepBookmark(ctx, { studyId, servedVersion, place: place as never });
  const bookmark = async (ctx: Ctx, studyId: string) =>
    (await Annotation.readBookmark(ctx, { studyId })).bookmark;

  it("where one stopped is one's own: nobody else has it, on a screening study or on any", async () => {
    for (const more of [{}, { modality: "MG", more: SCREENING }]) {
      const studyId = await sent({ study: mintUid(), ...more });
      expect(await bookmark(who().rohan, studyId)).toBeUndefined();
      const now = after(0);
      const place = { view: view(studyId), step: { protocolId: "mammography", name: "CC" } };
      expect(await keep(at(who().rohan, now), studyId, place)).toEqual({ isKept: true });
      expect(await bookmark(who().rohan, studyId)).toEqual({ place, keptAt: now.toISOString() });
      expect(await bookmark(who().amara, studyId)).toBeUndefined();
      await keep(who().rohan, studyId, null);
      expect(await bookmark(who().rohan, studyId)).toBeUndefined();
    }
  });

  it("of what was corrected since, nothing is brought back or kept", async () => {
    const studyId = await sent({ study: mintUid() });
    await keep(who().rohan, studyId, { view: view(studyId) });
    await Correction.ask(who().manager, {
      ...{ kind: "correct", studyId, level: "study", reason: "the wrong words" },
      says: { description: "Chest, corrected" },
    } as never);
    expect(await bookmark(who().rohan, studyId)).toBeUndefined();
    expect(await keep(who().rohan, studyId, { view: view(studyId) })).toEqual({ isKept: false });
  });

  it("who may not open the study keeps and reads nothing of it, and a place that is none is refused", async () => {
    const studyId = await sent({ study: mintUid() });
    expect(await codeOf(keep(who().ines, studyId, { view: view(studyId) }))).toBe("no-relationship");
    expect(await codeOf(Annotation.readBookmark(who().ines, { studyId }))).toBe("no-relationship");
    expect(await codeOf(keep(who().rohan, studyId, { view: { kind: "view" } }))).toBe("INPUT_INVALID");
  });
});
