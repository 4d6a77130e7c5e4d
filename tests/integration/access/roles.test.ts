import * as Access from "@weald/core/access";
import * as Correction from "@weald/core/correction";
import * as Ingest from "@weald/core/ingest";
import type { Ctx } from "@weald/core/kernel";
import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import * as Review from "@weald/core/review";
import * as Study from "@weald/core/study";
import * as Takeout from "@weald/core/takeout";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, codeOf, dicom, image, rowan, rowOn, rows, sendAll, studyIdOf } from "../sent.ts";

const DAY = 86_400_000;

/** Activities, not job titles (clinical page §19): what each opens, and what it doesn't. */
describe("who reviews, who watches, who reports from outside", () => {
  let region: Region;
  let manager: Ctx;
  const [sent, kept, marked] = [mintUid(), mintUid(), mintUid()];
  const ids = { sent: "", kept: "", marked: "", patient: "" };
  beforeAll(async () => {
    region = await Region.create();
    manager = region.as("tom.reyes");
    await sendAll(
      region,
      "RXC",
      image({ study: sent }),
      image({ study: kept }),
      image({ study: marked, of: rowan({ localNumber: "RXC-9", nhs: "", given: "Ash" }) }),
      dicom(Buffer.from("this is no DICOM object at all")),
    );
    ids.sent = await studyIdOf(region, sent);
    ids.kept = await studyIdOf(region, kept);
    ids.marked = await studyIdOf(region, marked);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      ids.sent,
    );
    ids.patient = found?.id ?? "";
  });
  afterAll(() => region.stop());

  const NO = "not-for-this-role";
  async function expectNoImages(ctx: Ctx, because: string): Promise<void> {
    expect(await codeOf(Study.open(ctx, { studyId: ids.kept }))).toBe(because);
    expect(await codeOf(Timeline.read(ctx, { patientId: ids.patient }))).toBe(because);
    expect((await Worklist.list(ctx, {})).rows.map(({ studyId }) => studyId)).not.toContain(ids.kept);
    const { matches } = await Study.findStudies(ctx, { parameters: [["includefield", "all"]] });
    expect(matches.filter((one) => one["0020000D"]?.Value?.[0] === kept)).toEqual([]);
    expect(
      await codeOf(Takeout.listRecords(ctx, { whose: { kind: "local-number", localNumber: "RXC-1001" } })),
    ).toBe(NO);
  }

  describe("a Caldicott Guardian", () => {
    const guardian = () => region.as("miriam.sewell");
    it("reads who looked, reviews broken glass and unusual access", async () => {
      expect((await Review.listEvents(guardian(), {})).events.length).toBeGreaterThan(0);
      expect((await Review.listFlags(guardian(), {})).flags).toEqual([]);
      expect((await Access.listGlass(guardian(), {})).rows).toEqual([]);
    });
    it("decides on objections: records one and ends it", async () => {
      const { objectionId } = await Access.recordObjection(guardian(), {
        localNumber: "RXC-1001",
        discussedBy: "Dr Okafor",
      });
      expect((await Access.listObjections(guardian(), {})).map(({ id }) => id)).toEqual([objectionId]);
      await Access.endObjection(guardian(), { objectionId });
      expect(await Access.listObjections(guardian(), {})).toEqual([]);
    });
    it("opens no image, takes nothing out, looks nobody up", async () => {
      await expectNoImages(guardian(), NO);
      const question = { by: "local-number", custodian: "RXC", localNumber: "RXC-1001" } as const;
      expect(await codeOf(Patient.lookUp(guardian(), question))).toBe(NO);
    });
  });

  describe("a clinical safety officer", () => {
    const officer = () => region.as("callum.drake");
    it("sees what was set aside and corrected in their trust, and nobody's name in it", async () => {
      await Correction.ask(manager, {
        ...{ kind: "reject", studyId: ids.marked, level: "study", code: "113037", reason: "a test image" },
      });
      const quarantine = await Ingest.listQuarantine(officer(), {});
      expect(quarantine.items.map(({ code }) => code)).toEqual(["NOT_DICOM"]);
      const lately = await Correction.listCorrections(officer(), { which: "lately" });
      expect(lately.corrections.map((one) => one.studyId)).toEqual([ids.marked]);
      expect(JSON.stringify([quarantine, lately])).not.toMatch(/alder|RXC-\d/i);
      expect([quarantine.mayDecide, lately.mayDecide]).toEqual([false, false]);
    });
    it("counts what was done, refused and failed: numbers, nobody's id", async () => {
      const { counts } = await Review.countEvents(officer(), {});
      expect(counts).toContainEqual({ action: "correction.ask", outcome: "success", events: 1 });
      expect(Object.keys(counts[0] ?? {}).sort()).toEqual(["action", "events", "outcome"]);
    });
    it("decides nothing, reads no row of the audit, opens no image", async () => {
      const [item] = (await Ingest.listQuarantine(officer(), {})).items;
      const decision = { quarantineId: item?.id ?? "", reason: "as I wish" };
      expect(await codeOf(Ingest.discardQuarantined(officer(), decision))).toBe(NO);
      expect(await codeOf(Review.listEvents(officer(), {}))).toBe(NO);
      expect(await codeOf(Correction.listJoined(officer(), {}))).toBe(NO);
      await expectNoImages(officer(), NO);
    });
  });

  describe("a reporter of a company outside", () => {
    const reporter = () => region.as("lena.vogt");
    const send = (studyId: string, ctx = manager) =>
      Study.sendForReporting(ctx, { studyId, personId: reporter().actor.id, organisation: "ORC", days: 7 });

    it("gets nothing sent without an agreement, nor by another trust's manager, nor of a restricted record", async () => {
      expect(await codeOf(send(ids.sent))).toBe("NOT_SHARED_WITH_THEM");
      await Organisation.beginAgreement(manager, {
        ...{ odsCode: "RXC", withOds: "ORC", kinds: ["images", "reports"], purposes: ["reporting"] },
      });
      expect(await codeOf(send(ids.sent, region.as("sunita.kaur")))).toBe("not-your-trust");
      await Patient.markSensitive(manager, {
        ...{ custodian: "RXC", localNumber: "RXC-9", sensitivities: ["vip"] },
      });
      expect(await codeOf(send(ids.marked))).toBe("sensitive");
    });
    it("sees nothing of what an agreement covers until it is sent, then that study alone", async () => {
      expect((await Worklist.list(reporter(), {})).rows).toEqual([]);
      await expectNoImages(reporter(), "not-sent");
      await send(ids.sent);
      expect((await Worklist.list(reporter(), {})).rows.map(({ studyId }) => studyId)).toEqual([ids.sent]);
      expect((await Study.open(reporter(), { studyId: ids.sent })).studyInstanceUid).toBe(sent);
      expect(await rowOn(reporter(), kept)).toBeUndefined();
      // The same patient's other study.
      await expectNoImages(reporter(), "not-sent");
      const [row] = await rows<{ purpose: string }>(
        region,
        "SELECT purpose FROM audit_event WHERE actor_id = $1 AND action = 'study.open' AND outcome = 'success'",
        reporter().actor.id,
      );
      expect(row).toEqual({ purpose: "reporting" });
    });
    it("by DICOMweb the same: that study, and as for nobody the other", async () => {
      const token = await region.tokenOf(reporter());
      const status = async (uid: string) =>
        (
          await fetch(`${region.dicomwebUrl}/studies/${uid}/metadata`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).status;
      expect([await status(sent), await status(kept), await status(mintUid())]).toEqual([200, 403, 404]);
    });
    it("keeps it until its end, or until it is taken back", async () => {
      expect(
        await codeOf(Study.open(at(reporter(), new Date(Date.now() + 8 * DAY)), { studyId: ids.sent })),
      ).toBe("not-sent");
      const [one] = await Study.listSent(manager, { studyId: ids.sent });
      expect(one).toMatchObject({ personId: reporter().actor.id, organisation: "ORC" });
      await Study.endSent(manager, { studyId: ids.sent, assignmentId: one?.assignmentId ?? "" });
      expect(await codeOf(Study.open(reporter(), { studyId: ids.sent }))).toBe("not-sent");
      expect((await Worklist.list(reporter(), {})).rows).toEqual([]);
    });
  });
});
