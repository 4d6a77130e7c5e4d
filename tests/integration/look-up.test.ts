import * as Patient from "@weald/core/patient";
import { Region } from "@weald/dev-env/region";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, sendAll } from "./sent.ts";

describe("a look-up", () => {
  let region: Region;
  const TWINS = 12;
  beforeAll(async () => {
    region = await Region.create();
    const twelve = Array.from({ length: TWINS }, (_, index) =>
      image({ of: rowan({ localNumber: `Z${index}`, nhs: "", family: "O'Brien", given: "Zoë" }) }),
    );
    await sendAll(region, "RXC", ...twelve, image({ of: rowan({ localNumber: "K1", nhs: "9990000018" }) }));
    await sendAll(
      region,
      "RA2",
      image({ of: rowan({ localNumber: "K2", nhs: "9990000018" }) }),
      image({ of: rowan({ localNumber: "U1", nhs: "", family: "Unknown", given: "Male 47" }) }),
    );
    await sendAll(
      region,
      "RTP",
      image({ of: rowan({ localNumber: "X1", nhs: "9990000026", family: "Elm", given: "Iris" }) }),
    );
  });
  afterAll(() => region.stop());
  const clinician = () => region.as("ines.marlow");
  const named = (family: string, given: string) => ({
    by: "name" as const,
    family,
    given,
    birthDate: "1961-04-03",
  });

  it("by name finds whatever the accents and apostrophes, at most ten, and says that there are more", async () => {
    const found = await Patient.lookUp(clinician(), named("OBRIEN", "zoe ann"));
    expect(found.candidates).toHaveLength(10);
    expect(found.isCut).toBe(true);
  });
  it("by NHS number finds one line a person, not one a record", async () => {
    const { candidates, isCut } = await Patient.lookUp(clinician(), {
      by: "nhs-number",
      nhsNumber: "999 000 0018",
    });
    expect(candidates).toHaveLength(1);
    expect(isCut).toBe(false);
  });
  it("by local number finds within its trust alone", async () => {
    const ask = (custodian: string) =>
      Patient.lookUp(clinician(), { by: "local-number", custodian, localNumber: " K1 " });
    expect((await ask("RXC")).candidates).toHaveLength(1);
    expect((await ask("RA2")).candidates).toEqual([]);
  });
  it("shows identity only: no study, no count, no report", async () => {
    const { candidates } = await Patient.lookUp(clinician(), { by: "nhs-number", nhsNumber: "9990000018" });
    const shown = [
      "patientId",
      "recordId",
      "family",
      "given",
      "middle",
      "prefix",
      "ideographic",
      "birthDate",
      "sex",
      "nhsNumber",
      "nhsVerified",
      "localNumber",
      "custodian",
      "nameDiffers",
      "isTemporary",
    ];
    expect(Object.keys(candidates[0] ?? {}).sort()).toEqual(shown.sort());
  });
  it("asks for a full name and date of birth, and for a number whose check digit holds", async () => {
    expect(await codeOf(Patient.lookUp(clinician(), { ...named("Alder", ""), given: "" }))).toBe(
      "INPUT_INVALID",
    );
    expect(await codeOf(Patient.lookUp(clinician(), { ...named("Alder", "Rowan"), birthDate: "1961" }))).toBe(
      "INPUT_INVALID",
    );
    expect(await codeOf(Patient.lookUp(clinician(), { by: "nhs-number", nhsNumber: "9990000019" }))).toBe(
      "NHS_NUMBER_INVALID",
    );
  });
  it("never finds a temporary identity by its name, nor a trust without an agreement", async () => {
    expect((await Patient.lookUp(clinician(), named("Unknown", "Male 47"))).candidates).toEqual([]);
    expect((await Patient.lookUp(clinician(), named("Elm", "Iris"))).candidates).toEqual([]);
    expect(
      (await Patient.lookUp(clinician(), { by: "nhs-number", nhsNumber: "9990000026" })).candidates,
    ).toEqual([]);
  });
  it("leaves a row with the way and the count, and without what was asked", async () => {
    const audited = await rows<{ detail: unknown }>(
      region,
      "SELECT detail FROM audit_event WHERE action = 'patient.look-up' AND outcome = 'success' ORDER BY at LIMIT 2",
    );
    expect(audited).toEqual([
      { detail: { by: "name", found: 10 } },
      { detail: { by: "nhs-number", found: 1 } },
    ]);
    const all = await rows(region, "SELECT *, xid::text FROM audit_event WHERE action = 'patient.look-up'");
    expect(JSON.stringify(all)).not.toMatch(/Brien|9990000018|K1/i);
  });
});
