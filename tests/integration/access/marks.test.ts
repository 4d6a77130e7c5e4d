import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, codeOf, after as hence, image, rows, sendAll, studyIdOf } from "../sent.ts";

const day = (hours: number) => hence(hours).toISOString().slice(0, 10);

describe("a patient marked as sensitive, by a person", () => {
  let region: Region;
  let guardian: Ctx;
  let elsewhere: Ctx;
  const ids = { one: "", another: "" };
  beforeAll(async () => {
    region = await Region.create();
    guardian = region.as("miriam.sewell");
    elsewhere = region.as("rohan.patel");
    const [one, another] = [mintUid(), mintUid()];
    await sendAll(
      region,
      "RXC",
      image({ study: one, accession: "A1" }),
      image({ study: another, accession: "A2" }),
    );
    ids.one = await studyIdOf(region, one);
    ids.another = await studyIdOf(region, another);
  });
  afterAll(() => region.stop());

  const mark = (more: Partial<Parameters<typeof Patient.markRecord>[1]> = {}, ctx = guardian) =>
    Patient.markRecord(ctx, { localNumber: "RXC-1001", class: "vip", reason: "in the news", ...more });
  const opens = (studyId = ids.one) => codeOf(Study.open(elsewhere, { studyId }));

  it("closes to other trusts at once, and opens when the mark is taken away; both are on the audit with who and why not in it", async () => {
    expect(await opens()).toBe("done");
    const { markId } = await mark();
    expect(await opens()).toBe("sensitive");
    expect(await Patient.listMarks(guardian, {})).toMatchObject([
      { markId, class: "vip", reason: "in the news", isDue: false, patient: { family: "Alder" } },
    ]);
    await Patient.endMark(guardian, { markId, reason: "no longer in the news" });
    expect(await opens()).toBe("done");
    expect(await Patient.listMarks(guardian, {})).toEqual([]);
    const audited = await rows<{ action: string; detail: Record<string, string> }>(
      region,
      "SELECT action, detail FROM audit_event WHERE actor_id = $1 AND verb = 'changed' ORDER BY id",
      guardian.actor.id,
    );
    expect(audited).toEqual([
      { action: "patient.mark-record", detail: { class: "vip", markId } },
      { action: "patient.end-mark", detail: { class: "vip", markId } },
    ]);
    expect(JSON.stringify(audited)).not.toContain("news");
  });
  it("stays marked as long as one mark of the class is left", async () => {
    const [first, second] = [await mark(), await mark({ reason: "family in the news" })];
    await Patient.endMark(guardian, { markId: first.markId, reason: "not now" });
    expect(await opens()).toBe("sensitive");
    await Patient.endMark(guardian, { markId: second.markId, reason: "not now" });
    expect(await opens()).toBe("done");
  });
  it("never ends by itself: past its day it is first on the list, and due", async () => {
    const { markId } = await mark({ reviewBy: day(48) });
    await mark({ class: "staff" });
    const later = at(guardian, hence(24 * 30));
    expect((await Patient.listMarks(later, {}))[0]).toMatchObject({ markId, isDue: true });
    expect(await codeOf(Study.open(at(elsewhere, hence(24 * 30)), { studyId: ids.one }))).toBe("sensitive");
    expect(await codeOf(mark({ reviewBy: day(-48) }))).toBe("REVIEW_IS_PAST");
    for (const one of await Patient.listMarks(guardian, {}))
      await Patient.endMark(guardian, { markId: one.markId, reason: "the test is over" });
  });
  it("is marked by who restricts for the trust that holds them, by nobody else", async () => {
    expect(await codeOf(mark({}, region.as("sunita.kaur")))).toBe("PATIENT_NOT_FOUND");
    expect(await codeOf(mark({}, region.as("amara.okafor")))).toBe("not-for-this-role");
    const { markId } = await mark();
    expect(await codeOf(Patient.endMark(region.as("sunita.kaur"), { markId, reason: "as I wish" }))).toBe(
      "not-your-trust",
    );
    expect(await Patient.listMarks(region.as("sunita.kaur"), {})).toEqual([]);
    await Patient.endMark(guardian, { markId, reason: "the test is over" });
  });

  it("objects to one study: that one closes elsewhere, the others don't", async () => {
    const studies = await Study.listOfRecord(guardian, { localNumber: "RXC-1001" });
    expect(studies.map(({ accessionNumber }) => accessionNumber).sort()).toEqual(["A1", "A2"]);
    const { objectionId } = await Access.recordObjection(guardian, {
      ...{ localNumber: "RXC-1001", studyId: ids.one, discussedBy: "Dr Okafor" },
    });
    expect([await opens(ids.one), await opens(ids.another)]).toEqual(["objection", "done"]);
    await Access.endObjection(guardian, { objectionId });
    expect(await opens(ids.one)).toBe("done");
  });
});
