import * as Organisation from "@weald/core/organisation";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Worklist from "@weald/core/worklist";
import { members, people } from "@weald/dev-env/people";
import { demoPatients, demoStudies, filesOf, studyUidOf } from "@weald/dev-env/phantoms";
import { Region } from "@weald/dev-env/region";
import { bytesSource, type SentFile, type Source } from "@weald/dev-env/send";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// One study of each trust and kind; the long ones are other tests' business.
const LONG = new Set(["mammogram", "ct-head", "ct-chest", "mr-brain", "ultrasound"]);
const chosen = demoStudies.filter(({ kind }) => !LONG.has(kind));

function* sourcesOf(odsCode: string): Generator<Source> {
  for (const study of chosen.filter(({ custodian }) => custodian === odsCode))
    for (const file of filesOf(study)) yield bytesSource(file.path, file.kind, file.bytes);
}

const custodianOf = new Map(chosen.map((study) => [studyUidOf(study), study.custodian]));
const sensitivePatients = new Set(demoPatients.filter(({ sensitive }) => sensitive).map(({ key }) => key));
const sensitive = chosen.filter(({ patient }) => sensitivePatients.has(patient));

describe("the demonstration region", () => {
  let region: Region;
  const sent: SentFile[] = [];
  beforeAll(async () => {
    region = await Region.create();
    for (const { odsCode } of members) sent.push(...(await region.send(odsCode, sourcesOf(odsCode))));
    const system = region.ctxOf({ kind: "system", id: "set-up" });
    for (const { key, localNumbers } of demoPatients)
      if (sensitivePatients.has(key))
        for (const { custodian, number } of localNumbers)
          await Patient.markSensitive(system, { custodian, localNumber: number, sensitivities: ["staff"] });
  }, 300_000);
  afterAll(() => region.stop());

  const keysOf = (role: string) =>
    people.flatMap(({ key, contracts }) =>
      contracts
        .filter((contract) => contract.role === role)
        .map(({ organisation }) => ({ as: `${key}@${organisation}`, organisation })),
    );
  async function listOf(as: string) {
    const rows = [];
    let cursor: Awaited<ReturnType<typeof Worklist.list>>["next"];
    do {
      const page = await Worklist.list(region.as(as), { filters: {}, cursor });
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor);
    return rows;
  }

  it("has an outcome for everything that its trusts sent, and each of its trusts has sent", () => {
    expect(sent.filter(({ outcome }) => outcome === undefined)).toEqual([]);
    expect(new Set(custodianOf.values())).toEqual(new Set(members.map(({ odsCode }) => odsCode)));
    const quarantined = sent.filter(({ outcome }) => outcome === "quarantined");
    expect(quarantined.length).toBeGreaterThan(0);
    expect(quarantined.length).toBeLessThan(5);
  });

  it("knows its trusts, members and partners", async () => {
    const known = await Organisation.list(region.as("amara.okafor"), {});
    expect(known.map(({ odsCode }) => odsCode)).toEqual(
      expect.arrayContaining(members.map(({ odsCode }) => odsCode)),
    );
  });

  it("shows who reports the studies of every member, but a sensitive one to its own trust's reporters only", async () => {
    const reporters = [...keysOf("radiologist"), ...keysOf("reporting-radiographer")];
    expect(reporters.length).toBeGreaterThan(2);
    for (const { as, organisation } of reporters) {
      const seen = new Set((await listOf(as)).map(({ studyInstanceUid }) => studyInstanceUid));
      const expected = chosen.filter(
        (study) => !sensitive.includes(study) || study.custodian === organisation,
      );
      expect(seen, as).toEqual(new Set(expected.map(studyUidOf)));
    }
  });

  it("shows radiographers and PACS managers their own trust's work", async () => {
    for (const { as, organisation } of [...keysOf("radiographer"), ...keysOf("pacs-manager")]) {
      const rows = await listOf(as);
      const own = chosen.filter((study) => study.custodian === organisation && !sensitive.includes(study));
      expect(new Set(rows.map(({ studyInstanceUid }) => studyInstanceUid)), as).toEqual(
        new Set(own.map(studyUidOf)),
      );
    }
  });

  it("shows clinicians the patients for whom they have asked, wherever their images are, and refuses the others", async () => {
    const all = await listOf("amara.okafor@RA2");
    let shown = 0;
    for (const { as } of keysOf("clinician")) {
      const trusts = people.find(({ key }) => as.startsWith(key))?.contracts.map((one) => one.organisation);
      const asked = chosen.filter((study) => study.question && trusts?.includes(study.custodian));
      const rows = await listOf(as);
      const patients = new Set(rows.map(({ patientId }) => patientId));
      const askedUids = new Set(asked.map(studyUidOf));
      for (const patientId of patients)
        expect(
          rows.some((row) => row.patientId === patientId && askedUids.has(row.studyInstanceUid)),
          as,
        ).toBe(true);
      const theirs = all.filter(({ patientId }) => patients.has(patientId));
      expect(new Set(rows.map(({ studyId }) => studyId)), as).toEqual(
        new Set(theirs.map(({ studyId }) => studyId)),
      );
      const other = all.find(({ patientId }) => !patients.has(patientId));
      await expect(Study.open(region.as(as), { studyId: other?.studyId ?? "" })).rejects.toMatchObject({
        reason: "no-relationship",
      });
      shown += rows.length;
    }
    expect(shown).toBeGreaterThan(0);
  });

  it("shows coordinators and privacy officers no images, before there is a meeting's list", async () => {
    const [row] = await listOf("amara.okafor@RA2");
    const open = (as: string) => Study.open(region.as(as), { studyId: row?.studyId ?? "" });
    for (const { as } of keysOf("mdt-coordinator")) {
      expect(await listOf(as), as).toEqual([]);
      await expect(open(as)).rejects.toMatchObject({ reason: "no-relationship" });
    }
    for (const { as } of keysOf("privacy-officer"))
      await expect(open(as)).rejects.toMatchObject({ reason: "not-for-this-role" });
  });
});
