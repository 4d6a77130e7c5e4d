import * as Audit from "@weald/core/audit";
import type { Ctx } from "@weald/core/kernel";
import * as Review from "@weald/core/review";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, codeOf, dicom, rowan, rows, sendAll, studyIdOf, systemCtx } from "./sent.ts";

describe("who looked, for the privacy officer of RYR", () => {
  let region: Region;
  let officer: Ctx;
  let reader: Ctx;
  let own: string;
  let others: string;
  let ownPatient: string;
  let othersPatient: string;
  const elsewhere = rowan({
    localNumber: "RXC-77",
    nhs: "9990000026",
    family: "Birch",
    given: "Otto",
    born: "19700101",
  });

  beforeAll(async () => {
    region = await Region.create();
    officer = region.as("edmund.frost");
    reader = region.as("amara.okafor@RXC");
    const [mine, theirs] = [mintUid(), mintUid()];
    await sendAll(region, "RYR", dicom(bytesOf({ study: mine, of: rowan({ localNumber: "RYR-1" }) })));
    await sendAll(region, "RXC", dicom(bytesOf({ study: theirs, of: elsewhere })));
    [own, others] = [await studyIdOf(region, mine, "RYR"), await studyIdOf(region, theirs, "RXC")];
    // A reporter of another trust looks at both; an officer's own reporter looks at the other trust's.
    for (const studyId of [own, others]) {
      const { series, patient } = await Study.open(reader, { studyId });
      await Study.reportDisplayed(reader, { studyId, seriesId: series[0]?.seriesId ?? "", frames: 1 });
      if (studyId === own) ownPatient = patient.patientId;
      else othersPatient = patient.patientId;
    }
    await Study.open(region.as("helen.whitlock"), { studyId: others });
    await codeOf(Study.open(region.as("ines.marlow"), { studyId: own }));
  });
  afterAll(() => region.stop());

  const seen = async (asked: Parameters<typeof Review.listEvents>[1] = {}) =>
    (await Review.listEvents(officer, asked)).events;

  it("holds what happened to what their trust holds and what their staff did, and nothing else", async () => {
    const events = await seen({});
    expect(events.every((one) => one.custodian === "RYR" || one.organisation === "RYR")).toBe(true);
    const opened = events.filter(({ action, outcome }) => action === "study.open" && outcome === "success");
    expect(opened.map(({ actorId, custodian }) => [actorId, custodian]).sort()).toEqual(
      [
        [reader.actor.id, "RYR"],
        [region.as("helen.whitlock").actor.id, "RXC"],
      ].sort(),
    );
    expect(events.some(({ actorId, studyId }) => actorId === reader.actor.id && studyId === others)).toBe(
      false,
    );
  });
  it("by patient: by NHS number and by the trust's own number, the patient named as the trust knows them", async () => {
    for (const of of [
      { by: "nhs-number", nhsNumber: "999 000 0018" },
      { by: "local-number", localNumber: "RYR-1" },
    ] as const) {
      const { events, patients } = await Review.listEvents(officer, { of });
      expect(events.length).toBeGreaterThanOrEqual(3);
      expect(new Set(events.map(({ patientId }) => patientId))).toEqual(new Set([ownPatient]));
      expect(patients).toMatchObject([{ custodian: "RYR", family: "Alder" }]);
    }
    const { events, patients } = await Review.listEvents(officer, {
      of: { by: "nhs-number", nhsNumber: "9990000026" },
    });
    // Another trust's patient: what the officer's own staff did, without a name.
    expect(events.map(({ organisation }) => organisation)).toEqual(["RYR"]);
    expect(patients).toEqual([]);
    expect(
      await codeOf(Review.listEvents(officer, { of: { by: "nhs-number", nhsNumber: "1234567890" } })),
    ).toBe("NHS_NUMBER_INVALID");
    expect(await seen({ of: { by: "local-number", localNumber: "nobody" } })).toEqual([]);
  });
  it("by person, by verb, by outcome with its reason, by time", async () => {
    expect(
      (await seen({ actorId: reader.actor.id, verb: "displayed" })).map(({ studyId }) => studyId),
    ).toEqual([own]);
    expect(await seen({ outcome: "denied", of: { by: "anybody" } })).toMatchObject([
      { action: "study.open", reason: "no-relationship", actorId: region.as("ines.marlow").actor.id },
    ]);
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect(await seen({ from: soon })).toEqual([]);
    expect((await seen({ until: soon })).length).toBeGreaterThan(0);
  });
  it("in pages by key: no event twice, none left out, though new ones come in between", async () => {
    const found: string[] = [];
    for (let index = 0; index < 60; index += 1)
      await codeOf(Study.open(region.as("ines.marlow"), { studyId: own }));
    let before: { at: string; id: string } | undefined;
    const asked = { outcome: "denied" } as const;
    do {
      const page = await Review.listEvents(officer, { ...asked, ...(before ? { before } : {}) });
      found.push(...page.events.map(({ id }) => id));
      before = page.next;
      await codeOf(Study.open(region.as("ines.marlow"), { studyId: own }));
    } while (before);
    expect(found).toHaveLength(61);
    expect(new Set(found).size).toBe(61);
  });
  it("the asking is on the audit itself, and whom it was about", async () => {
    await Review.listEvents(officer, { of: { by: "local-number", localNumber: "RYR-1" } });
    const [row] = await rows<Record<string, unknown>>(
      region,
      "SELECT verb, patient_id::text, detail FROM audit_event WHERE action = 'review.list-events' ORDER BY at DESC, id DESC LIMIT 1",
    );
    expect(row).toMatchObject({ verb: "listed", patient_id: ownPatient, detail: { of: "local-number" } });
    expect(JSON.stringify(row)).not.toContain("RYR-1");
  });
  it("as a file: CSV and FHIR, and the taking out is on the audit", async () => {
    const csv = await Review.exportEvents(officer, { as: "csv", verb: "displayed" });
    expect(csv.text.split("\r\n")[0]).toContain("person or system");
    expect(csv.text.split("\r\n").filter(Boolean)).toHaveLength(csv.rows + 1);
    const balp = await Review.exportEvents(officer, { as: "balp", verb: "displayed" });
    for (const line of balp.text.trim().split("\n"))
      expect(JSON.parse(line)).toMatchObject({ resourceType: "AuditEvent", action: "R" });
    expect(
      await rows(
        region,
        "SELECT 1 FROM audit_event WHERE action = 'review.export-events' AND verb = 'taken-out'",
      ),
    ).toHaveLength(2);
  });
  it("no spreadsheet runs a cell of the file, whatever a system calls itself", async () => {
    for (const system of ["=1+1", "+1", "-1", "@SUM(A1)"])
      await Study.open({ ...reader, source: { system } }, { studyId: own });
    const { text } = await Review.exportEvents(officer, { as: "csv", actorId: reader.actor.id });
    for (const shown of ["'=1+1", "'+1", "'-1", "'@SUM(A1)"]) expect(text).toContain(shown);
    const cells = text.split(/[,\r\n]+/).map((cell) => cell.replace(/^"/, ""));
    expect(cells.filter((cell) => /^[=+\-@\t]/.test(cell))).toEqual([]);
  });
  it("is nobody else's", async () => {
    for (const key of ["amara.okafor@RXC", "ines.marlow", "tom.reyes"]) {
      expect(await codeOf(Review.listEvents(region.as(key), {}))).toBe("not-for-this-role");
      expect(await codeOf(Review.exportEvents(region.as(key), { as: "csv" }))).toBe("not-for-this-role");
      expect(await codeOf(Review.readSeals(region.as(key), {}))).toBe("not-for-this-role");
    }
  });
  it("the patient's list has every trust's looks in plain words, for the officer of a trust that holds them", async () => {
    const { looks } = await Review.looksOfPatient(officer, { patientId: ownPatient });
    expect(looks).toMatchObject([
      { did: ["looked at your images"], who: expect.stringContaining("radiologist") },
    ]);
    expect(JSON.stringify(looks)).not.toContain(reader.actor.id);
    expect(await codeOf(Review.looksOfPatient(officer, { patientId: othersPatient }))).toBe("other-trust");
  });
  it("says whether the seals held, and where not", async () => {
    expect(await Review.readSeals(officer, {})).toMatchObject({ verifiedAt: null });
    await Audit.verifySeals(systemCtx(region), {});
    expect(await Review.readSeals(officer, {})).toMatchObject({ verifiedAt: expect.any(String), faults: [] });
  });
});
