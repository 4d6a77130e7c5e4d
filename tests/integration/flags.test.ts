import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Review from "@weald/core/review";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, bytesOf, codeOf, dicom, rowan, rows, sendAll, studyIdOf, systemCtx } from "./sent.ts";

describe("unusual access, in a region", () => {
  let region: Region;
  let officer: Ctx;
  let snoop: Ctx;
  let studyId: string;
  let patientId: string;
  beforeAll(async () => {
    region = await Region.create();
    officer = region.as("edmund.frost");
    snoop = { ...region.as("ines.marlow"), purpose: "direct-care" };
    const study = mintUid();
    await sendAll(region, "RXC", dicom(bytesOf({ study, of: rowan() })));
    studyId = await studyIdOf(region, study);
    const [found] = await rows<{ id: string }>(region, "SELECT patient_id::text AS id FROM study");
    patientId = found?.id ?? "";
    await Access.stateRelationship(snoop, { patientId, statement: "treating-now" });
    await Study.open(snoop, { studyId });
  });
  afterAll(() => region.stop());

  async function judge(hours: number): Promise<number> {
    const system = at(systemCtx(region), new Date(Date.now() + hours * 3_600_000));
    let flags = 0;
    for (let isMore = true; isMore; ) {
      const step = await Review.flagUnusual(system, {});
      flags += step.flags;
      isMore = step.isMore;
    }
    return flags;
  }
  const flags = async (ctx = officer) => (await Review.listFlags(ctx, {})).flags;

  it("nothing is flagged while what would explain it may still come", async () => {
    expect(await judge(1)).toBe(0);
    expect(await judge(25)).toBe(0);
    expect(await flags()).toEqual([]);
  });
  it("after 72 hours a statement that nothing bore out is flagged once, with its reason, for the person's own trust", async () => {
    expect(await judge(73)).toBeGreaterThan(0);
    await judge(73);
    const [flag, ...more] = await flags();
    expect(more).toEqual([]);
    expect(flag).toMatchObject({
      personId: snoop.actor.id,
      organisation: "RYR",
      custodian: "RXC",
      reasons: [{ code: "no-relationship", says: expect.stringContaining("72 hours") }],
    });
    // Another trust's patient: no name.
    expect(flag?.patient).toBeUndefined();
  });
  it("is judged with an outcome, by an officer, and the judging is on the audit", async () => {
    const [flag] = await flags();
    const asked = {
      flagId: flag?.id ?? "",
      outcome: "inappropriate",
      note: "Said she was curious.",
    } as const;
    expect(await codeOf(Review.closeFlag(region.as("tom.reyes"), asked))).toBe("not-for-this-role");
    await Review.closeFlag(officer, asked);
    expect(await flags()).toMatchObject([{ outcome: "inappropriate", reviewedBy: officer.actor.id }]);
    const [row] = await rows<{ detail: unknown }>(
      region,
      "SELECT detail FROM audit_event WHERE action = 'review.close-flag' AND outcome = 'success'",
    );
    expect(row?.detail).toEqual({ flagId: flag?.id, outcome: "inappropriate" });
  });
  it("is nobody else's to see", async () => {
    expect(await codeOf(Review.listFlags(region.as("amara.okafor@RXC"), {}))).toBe("not-for-this-role");
    const elsewhere: Ctx = {
      ...officer,
      actor: {
        ...(officer.actor.kind === "person" ? officer.actor : never()),
        organisation: "RTK",
        id: "p-other",
      },
    };
    expect(await flags(elsewhere)).toEqual([]);
  });
  it("looks later at a public figure add their own reason to a new day's flag", async () => {
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: "RXC-1001",
      sensitivities: ["vip"],
    });
    await rows(
      region,
      "UPDATE relationship SET starts_at = now(), ends_at = now() + interval '9 days' WHERE person_id = $1",
      snoop.actor.id,
    );
    const later = at(snoop, new Date(Date.now() + 80 * 3_600_000));
    await rows(
      region,
      `INSERT INTO audit_event (id, at, action, verb, outcome, actor_kind, actor_id, role, organisation, purpose, patient_id, study_id, custodian, door, correlation_id)
       VALUES (uuidv7(), $1::timestamptz, 'study.report-displayed', 'displayed', 'success', 'person', $2, 'clinician', 'RYR', 'direct-care', $3::uuid, $4::uuid, 'RXC', 'portal', 'c')`,
      later.service.now(),
      snoop.actor.id,
      patientId,
      studyId,
    );
    await judge(80 + 25);
    expect((await flags())[0]?.reasons.map(({ code }) => code)).toEqual(["vip"]);
    await judge(80 + 73);
    expect((await flags())[0]?.reasons.map(({ code }) => code)).toEqual(["no-relationship", "vip"]);
  });
});

function never(): never {
  throw new Error("the officer is a person");
}
