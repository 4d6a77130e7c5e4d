import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Timeline from "@weald/core/timeline";
import * as Worklist from "@weald/core/worklist";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, sendAll, systemCtx } from "../sent.ts";

describe("a patient with the national S-flag", () => {
  let region: Region;
  let patientId: string;
  const number = "RXC-FLAG-1";
  const said = rowan({ localNumber: number, given: "Flagged" });

  beforeAll(async () => {
    region = await Region.create();
    await sendAll(region, "RXC", image({ study: mintUid(), of: said }));
    await sendAll(region, "RA2", image({ study: mintUid(), of: { ...said, localNumber: "RA2-FLAG-2" } }));
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: number,
      sensitivities: ["s-flag"],
    });
    const [row] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM patient_record WHERE local_number = $1",
      number,
    );
    patientId = row?.id ?? "";
  }, 60_000);
  afterAll(() => region.stop());

  const byName = {
    by: "name",
    family: said.family,
    given: "Flagged",
    birthDate: "1961-04-03",
  } as const;
  const relate = (ctx: Ctx, kind: string) =>
    rows(
      region,
      `INSERT INTO relationship (id, patient_id, person_id, organisation, kind, source, starts_at, ends_at)
       VALUES (uuidv7(), $1::uuid, $2, 'RYR', $3, 'test', now() - interval '1 hour', now() + interval '1 day') RETURNING id::text`,
      patientId,
      ctx.actor.id,
      kind,
    );
  const says = (value: unknown) => JSON.stringify(value);

  it("is found without a site, by nobody's local number, and their studies are on no list", async () => {
    const outside = region.as("ines.marlow");
    const found = await Patient.lookUp(outside, byName);
    expect(found.candidates).toHaveLength(1);
    expect(says(found)).not.toMatch(/RXC|RA2|FLAG-/);
    const byNumber = { by: "local-number", custodian: "RXC", localNumber: number } as const;
    expect((await Patient.lookUp(outside, byNumber)).candidates).toEqual([]);
    expect(says((await Worklist.list(region.as("rohan.patel"), {})).rows)).not.toContain("RXC-FLAG");
    await relate(outside, "statement");
    expect(await codeOf(Timeline.read(outside, { patientId }))).toBe("sensitive");
  });

  it("is known to their own trusts each by its own number alone", async () => {
    const own = await Patient.lookUp(region.as("grace.fielding"), byName);
    expect(says(own)).toContain(number);
    expect(says(own)).not.toMatch(/RA2/);
  });

  it("is whole, with the site, to who cares for them by somebody else's word", async () => {
    const caring = region.as("priya.nair");
    await relate(caring, "admission");
    const page = await Timeline.read(caring, { patientId });
    expect(page.rows).toHaveLength(2);
    expect(page.records.map(({ custodian }) => custodian).sort()).toEqual(["RA2", "RXC"]);
  });
});
