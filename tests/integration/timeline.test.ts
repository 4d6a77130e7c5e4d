import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  codeOf,
  image,
  report,
  request,
  rowan,
  rows,
  type Said,
  sendAll,
  sendUnfinished,
  studyIdOf,
} from "./sent.ts";

const side = (letter: string) => ({ "00200062": { vr: "CS", Value: [letter] } });
const part = (name: string) => ({ "00180015": { vr: "CS", Value: [name] } });

describe("a patient's timeline", () => {
  let region: Region;
  let reader: Ctx;
  let patientId: string;
  const at = (trust: string, more: Partial<Said> = {}) => rowan({ localNumber: `${trust}-1001`, ...more });
  const [chest, ct, knee, thorax, hand] = [mintUid(), mintUid(), mintUid(), mintUid(), mintUid()];
  const shared = { series: mintUid(), sop: mintUid() };
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    region = await Region.create();
    reader = region.as("rohan.patel");
    await sendAll(
      region,
      "RXC",
      image({
        study: chest,
        accession: "C1",
        date: "20230901",
        description: "XR Chest",
        ...shared,
        counted: 1,
        more: part("CHEST"),
      }),
      report({
        accession: "C1",
        id: "r1",
        at: "20230902100000",
        status: "P",
        text: "Full report to follow.",
      }),
      report({
        accession: "C1",
        id: "r2",
        at: "20230903100000",
        status: "F",
        text: "Heart size normal.\\.br\\Lungs clear.\\.br\\\\.br\\Impression: normal chest.\\.br\\No follow-up.",
      }),
      image({ study: hand, date: "20220101", description: "XR Hand", more: part("HAND") }),
    );
    // The same study, held by another trust since before Weald.
    await sendAll(region, "RA2", image({ of: at("RA2"), study: chest, date: "20230901", ...shared }));
    await sendUnfinished(region, "RYR", [
      image({
        of: at("RYR"),
        study: ct,
        modality: "CT",
        date: "20261120",
        description: "CT Chest",
        counted: 300,
        more: part("CHEST"),
      }),
    ]);
    await sendAll(
      region,
      "RTK",
      image({
        of: at("RTK"),
        study: knee,
        accession: "K1",
        date: "20261001",
        description: "XR Knee Left",
        more: { ...part("KNEE"), ...side("R") },
      }),
      request({ of: at("RTK"), trust: "RTK", accession: "K1", id: "q1", at: "20261001080000" }),
      report({
        of: at("RTK"),
        trust: "RTK",
        accession: "K1",
        id: "q2",
        at: "20261001120000",
        status: "F",
        text: "The left knee is normal.",
      }),
    );
    await sendAll(
      region,
      "RPC",
      image({
        of: at("RPC"),
        study: thorax,
        modality: "CT",
        date: "20240215",
        description: "Thorax low dose",
      }),
      request({ of: at("RPC"), trust: "RPC", accession: "B1", id: "b1", at: "20261120080000" }),
      request({
        of: at("RPC"),
        trust: "RPC",
        accession: "B2",
        id: "b2",
        at: "20261120080000",
        control: "CA",
      }),
    );
    await rows(
      region,
      "UPDATE imaging_request SET laterality = 'L', procedure_code = '', procedure_text = 'XR Knee Left' WHERE accession_number = 'K1' RETURNING id::text",
    );
    await rows(
      region,
      "UPDATE imaging_request SET state = 'booked', scheduled_at = '2026-12-03T09:00:00Z', procedure_text = 'CT chest' WHERE accession_number = 'B1' RETURNING id::text",
    );
    const trusts = { chest: "RXC", ct: "RYR", knee: "RTK", thorax: "RPC", hand: "RXC" };
    const uids: Record<string, string> = { chest, ct, knee, thorax, hand };
    for (const [name, trust] of Object.entries(trusts))
      ids[name] = await studyIdOf(region, uids[name] ?? "", trust);
    patientId = (await Study.open(reader, { studyId: ids.chest ?? "" })).patient.patientId;
  });
  afterAll(() => region.stop());

  const timeline = (ctx: Ctx = reader) => Timeline.read(ctx, { patientId });
  const rowOf = async (name: string, ctx?: Ctx) =>
    (await timeline(ctx)).rows.find(({ studyId }) => studyId === ids[name]);

  it("tells all that five trusts hold, newest first, the same images of two trusts once", async () => {
    const { rows: all } = await timeline(region.as("helen.whitlock"));
    expect(all.map(({ studyId }) => studyId)).toEqual([ids.ct, ids.knee, ids.thorax, ids.chest, ids.hand]);
    expect(all.find(({ studyId }) => studyId === ids.chest)?.copies).toMatchObject([
      { custodian: "RA2", moreThere: 0, moreHere: 0, reportState: "none-received" },
    ]);
  });

  it("stands for its reader's own trust where that holds the same, and says that the report is the other's", async () => {
    const chestRow = (await timeline()).rows.find(({ studyInstanceUid }) => studyInstanceUid === chest);
    expect(chestRow).toMatchObject({
      custodian: "RA2",
      copies: [{ custodian: "RXC", reportState: "final" }],
    });
  });

  it("gives the latest report's own impression, and what the images show in words", async () => {
    expect(await rowOf("chest", region.as("amara.okafor@RXC"))).toMatchObject({
      reportState: "final",
      report: { impression: "normal chest. No follow-up." },
      regions: ["chest"],
      seriesCount: 1,
      completeness: { state: "complete" },
    });
    expect(await rowOf("hand")).toMatchObject({ reportState: "none-received", report: undefined });
  });

  it("what is still arriving says how much of how much", async () => {
    expect((await rowOf("ct"))?.completeness).toEqual({ state: "arriving", text: "1 of 300, arriving" });
  });

  it("says where request, images and report name different sides, and where a paired part has none", async () => {
    expect((await rowOf("knee"))?.side).toEqual({
      images: ["R"],
      request: "L",
      report: "L",
      warning: "Side? The request says left, the images say right, the report says left.",
    });
    expect((await rowOf("hand"))?.side.warning).toBe("Side? The images don't say which side this is.");
    expect((await rowOf("chest", region.as("helen.whitlock")))?.side.warning).toBeUndefined();
  });

  it("what is booked and has not come is expected; what was cancelled is not", async () => {
    expect((await timeline()).expected).toMatchObject([
      { custodian: "RPC", procedure: "CT chest", state: "booked", scheduledAt: "2026-12-03T09:00:00.000Z" },
    ]);
    await sendAll(region, "RPC", image({ of: at("RPC"), accession: "B1", modality: "CT", date: "20261203" }));
    expect((await timeline()).expected).toEqual([]);
  });

  it("what waits in quarantine is told to who decides about it in that trust, and to nobody else", async () => {
    const study = mintUid();
    const elder = rowan({ localNumber: "RXC-2002", family: "Elder", nhs: "", born: "19990101" });
    // An image of theirs under the study of somebody else.
    expect(await sendAll(region, "RXC", image({ study, of: elder }))).toEqual(["accepted"]);
    expect(await sendAll(region, "RXC", image({ study }))).toEqual(["quarantined PATIENT_MISMATCH"]);
    await rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       VALUES (uuidv7(), $1::uuid, $2, 'RXC', 'statement', 'test', now() - interval '1 hour', now() + interval '1 day') RETURNING id::text`,
      patientId,
      region.as("tom.reyes").actor.id,
    );
    expect((await timeline(region.as("tom.reyes"))).quarantined).toBe(1);
    expect((await timeline()).quarantined).toBeUndefined();
  });

  it("marks what came since its reader last looked, not what came before", async () => {
    const late = { ...reader, service: { ...reader.service, now: () => new Date(Date.now() + 3_600_000) } };
    const later = { ...reader, service: { ...reader.service, now: () => new Date(Date.now() + 7_200_000) } };
    await timeline(late);
    const study = mintUid();
    await sendAll(region, "RXC", image({ study, date: "20261125" }));
    await rows(
      region,
      "UPDATE study SET received_at = now() + interval '100 minutes' WHERE study_instance_uid = $1 RETURNING id::text",
      study,
    );
    const news = (await timeline(later)).rows.filter(({ isNew }) => isNew);
    expect(news.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([study]);
  });

  it("reads a patient of many studies in no more statements than one of few", async () => {
    const count = async () => {
      let statements = 0;
      const db = reader.service.db;
      const counting: typeof db = {
        ...db,
        transaction: (held, work) =>
          db.transaction(held, (tx) =>
            work(
              new Proxy(tx, {
                get: (target, name, receiver) => {
                  if (name !== "then") statements += 1;
                  return Reflect.get(target, name, receiver);
                },
              }),
            ),
          ),
      };
      await timeline({ ...reader, service: { ...reader.service, db: counting } });
      return statements;
    };
    const few = await count();
    await sendAll(
      region,
      "RXC",
      ...Array.from({ length: 12 }, (_, index) => image({ study: mintUid(), date: `201801${10 + index}` })),
    );
    expect(await count()).toBe(few);
  });

  it("leaves a row of who withholds what, by objection, and neither its report nor its pictures", async () => {
    await Access.recordObjection(region.as("tom.reyes"), {
      localNumber: "RXC-1001",
      discussedBy: "Dr Okafor",
    });
    const page = await timeline(region.as("helen.whitlock"));
    expect(page.withheld).toMatchObject([{ custodian: "RXC", why: "restricted" }]);
    expect(JSON.stringify(page.rows)).not.toContain("normal chest");
    expect(page.rows.map(({ studyId }) => studyId)).not.toContain(ids.hand);
  });

  it("is on the record as listed, with numbers alone; who may not read it is refused", async () => {
    const [last] = await rows<{ verb: string; detail: unknown }>(
      region,
      "SELECT verb, detail FROM audit_event WHERE action = 'timeline.read' AND outcome = 'success' ORDER BY at DESC LIMIT 1",
    );
    expect(last).toMatchObject({ verb: "listed", detail: { rows: expect.any(Number) } });
    expect(await codeOf(timeline(region.as("edmund.frost")))).toBe("not-for-this-role");
    expect(await codeOf(timeline(region.as("ines.marlow")))).toBe("no-relationship");
  });
});
