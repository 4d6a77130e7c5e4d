import * as Patient from "@weald/core/patient";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rowOn, rows, type Said, sendAll, systemCtx } from "./sent.ts";

type Record = {
  id: string;
  patient_id: string;
  custodian: string;
  name_differs: boolean;
  linked_how: string;
  linked_by: string;
};

describe("who is who, by what trusts send", () => {
  let region: Region;
  beforeAll(async () => {
    region = await Region.create();
  });
  afterAll(() => region.stop());

  const send = async (trust: string, of: Said): Promise<{ study: string; outcome: string }> => {
    const study = mintUid();
    const [outcome = ""] = await sendAll(region, trust, image({ of, study }));
    return { study, outcome };
  };
  const recordOf = async (custodian: string, localNumber: string): Promise<Record> => {
    const [record] = await rows<Record>(
      region,
      "SELECT *, id::text, patient_id::text FROM patient_record WHERE custodian = $1 AND local_number = $2",
      custodian,
      localNumber,
    );
    if (!record) throw new Error(`no record ${custodian} ${localNumber}`);
    return record;
  };
  const arePatients = async (...records: [string, string][]): Promise<number> =>
    new Set(
      await Promise.all(records.map(async ([trust, number]) => (await recordOf(trust, number)).patient_id)),
    ).size;
  const pairsOf = async (custodian: string) =>
    (await Patient.listPairs(systemCtx(region), { custodian })).map(({ rule, a, b }) => ({
      rule,
      numbers: [a.localNumber, b.localNumber].sort(),
    }));

  it("an equal number, date of birth and name join across trusts, and the link says how and by whom", async () => {
    const { study } = await send("RXC", rowan({ localNumber: "J1", nhs: "9990000018" }));
    await send("RA2", rowan({ localNumber: "J2", nhs: "999 000 0018" }));
    expect(await arePatients(["RXC", "J1"], ["RA2", "J2"])).toBe(1);
    expect(await recordOf("RA2", "J2")).toMatchObject({
      linked_how: "nhs-number, birth date and name",
      linked_by: "accept-objects",
      name_differs: false,
    });
    const ctx = region.as("rohan.patel");
    const { patientId = "" } = (await rowOn(ctx, study)) ?? {};
    const opened = await Timeline.read(ctx, { patientId });
    expect(opened.rows.map(({ custodian }) => custodian).sort()).toEqual(["RA2", "RXC"]);
  });

  it("a married name joins, and 'name differs' stands at each of its images", async () => {
    await send("RXC", rowan({ localNumber: "M1", nhs: "9990000026" }));
    const { study } = await send("RTK", rowan({ localNumber: "M2", nhs: "9990000026", family: "Birch" }));
    expect(await arePatients(["RXC", "M1"], ["RTK", "M2"])).toBe(1);
    expect((await rowOn(region.as("rohan.patel"), study))?.patient).toMatchObject({
      family: "Birch",
      nameDiffers: true,
    });
  });

  it("sex in conflict, both names different, or day and month swapped: not joined, listed with the rule", async () => {
    await send("RXC", rowan({ localNumber: "R1", nhs: "9990000034" }));
    await send("RA2", rowan({ localNumber: "R2", nhs: "9990000034", sex: "M" }));
    await send("RTK", rowan({ localNumber: "R3", nhs: "9990000034", family: "Birch", given: "Hazel" }));
    await send("RYR", rowan({ localNumber: "R4", nhs: "9990000034", born: "19610304" }));
    expect(await arePatients(["RXC", "R1"], ["RA2", "R2"], ["RTK", "R3"], ["RYR", "R4"])).toBe(4);
    expect(await pairsOf("RA2")).toContainEqual({ rule: "sex-conflicts", numbers: ["R1", "R2"] });
    expect(await pairsOf("RTK")).toContainEqual({ rule: "names-differ", numbers: ["R1", "R3"] });
    expect(await pairsOf("RYR")).toContainEqual({
      rule: "birth-date-day-month-swapped",
      numbers: ["R1", "R4"],
    });
  });

  it("another date of birth, no number, or a placeholder: apart, and nobody is asked", async () => {
    await send("RXC", rowan({ localNumber: "A1", nhs: "9999999999" }));
    await send("RA2", rowan({ localNumber: "A2", nhs: "9999999999" }));
    await send("RTK", rowan({ localNumber: "A3", nhs: "" }));
    await send("RPC", rowan({ localNumber: "A4", nhs: "" }));
    expect(await arePatients(["RXC", "A1"], ["RA2", "A2"], ["RTK", "A3"], ["RPC", "A4"])).toBe(4);
    const mentioned = (await Promise.all(["RXC", "RA2", "RTK", "RPC"].map(pairsOf)))
      .flat()
      .flatMap(({ numbers }) => numbers);
    expect(mentioned.filter((number) => /^A\d/.test(number))).toEqual([]);
  });

  it("the same local number in two trusts is two people until an NHS number says otherwise", async () => {
    await send("RXC", rowan({ localNumber: "SAME-1", nhs: "" }));
    await send("RA2", rowan({ localNumber: "SAME-1", nhs: "", family: "Birch" }));
    expect(await arePatients(["RXC", "SAME-1"], ["RA2", "SAME-1"])).toBe(2);
  });

  it("a local number that returns with another name and date of birth is quarantined, alone or in one batch", async () => {
    const other = rowan({ localNumber: "U1", nhs: "", family: "Birch", given: "Hazel", born: "19880808" });
    await send("RXC", rowan({ localNumber: "U1", nhs: "" }));
    expect((await send("RXC", other)).outcome).toBe("quarantined LOCAL_NUMBER_REUSED");
    const [study, series] = [mintUid(), mintUid()];
    const mixed = await sendAll(
      region,
      "RXC",
      image({ of: rowan({ localNumber: "U2", nhs: "" }), study, series, number: 1 }),
      image({ of: { ...other, localNumber: "U2" }, study, series, number: 2 }),
    );
    expect(mixed.sort()).toEqual(["accepted", "quarantined LOCAL_NUMBER_REUSED"]);
  });

  it("a number that comes later joins, and what hangs on the record follows it", async () => {
    await send("RXC", rowan({ localNumber: "L1", nhs: "9990000042" }));
    const { study } = await send("RYR", rowan({ localNumber: "L2", nhs: "" }));
    expect(await arePatients(["RXC", "L1"], ["RYR", "L2"])).toBe(2);
    await send("RYR", rowan({ localNumber: "L2", nhs: "9990000042" }));
    expect(await arePatients(["RXC", "L1"], ["RYR", "L2"])).toBe(1);
    const { patient_id } = await recordOf("RXC", "L1");
    expect(await rowOn(region.as("rohan.patel"), study)).toMatchObject({ patientId: patient_id });
  });

  it("who agrees with two that don't agree with each other is joined to neither, and both are listed", async () => {
    const nhs = "9990000050";
    await send("RXC", rowan({ localNumber: "T1", nhs, family: "Alder", given: "Rowan" }));
    await send("RA2", rowan({ localNumber: "T2", nhs, family: "Birch", given: "Hazel" }));
    await send("RTK", rowan({ localNumber: "T3", nhs, family: "Alder", given: "Hazel" }));
    expect(await arePatients(["RXC", "T1"], ["RA2", "T2"], ["RTK", "T3"])).toBe(3);
    const listed = await pairsOf("RTK");
    for (const numbers of [
      ["T1", "T3"],
      ["T2", "T3"],
    ])
      expect(listed).toContainEqual({ rule: "agrees-with-several-patients", numbers });
  });

  it("two trusts that send the same person at once end with one patient", async () => {
    const nhs = "9990000069";
    const trusts = ["RXC", "RA2", "RTK", "RPC", "RYR"];
    await Promise.all(trusts.map((trust) => send(trust, rowan({ localNumber: `P-${trust}`, nhs }))));
    expect(await arePatients(...trusts.map((trust): [string, string] => [trust, `P-${trust}`]))).toBe(1);
  });

  describe("a pair that is not to be linked", () => {
    it("comes apart where it was joined, and neither number, message nor list relates the two again", async () => {
      const nhs = "9990000077";
      const first = await send("RXC", rowan({ localNumber: "N1", nhs }));
      const second = await send("RTK", rowan({ localNumber: "N2", nhs }));
      expect(await arePatients(["RXC", "N1"], ["RTK", "N2"])).toBe(1);
      const [a, b] = [await recordOf("RXC", "N1"), await recordOf("RTK", "N2")];
      await Patient.neverLink(region.as("tom.reyes"), { recordA: a.id, recordB: b.id });
      expect(await arePatients(["RXC", "N1"], ["RTK", "N2"])).toBe(2);
      await send("RTK", rowan({ localNumber: "N2", nhs }));
      await send("RXC", rowan({ localNumber: "N1", nhs }));
      expect(await arePatients(["RXC", "N1"], ["RTK", "N2"])).toBe(2);
      const ctx = region.as("rohan.patel");
      for (const study of [first.study, second.study]) {
        const { patientId = "" } = (await rowOn(ctx, study)) ?? {};
        const { records } = await Timeline.read(ctx, { patientId });
        expect(records).toHaveLength(1);
      }
      const audited = await rows<{ detail: unknown }>(
        region,
        "SELECT detail FROM audit_event WHERE action = 'patient.never-link'",
      );
      expect(audited.map(({ detail }) => detail)).toEqual([{ recordId: a.id }, { recordId: b.id }]);
    });
    it("leaves the list of pairs for review", async () => {
      await send("RXC", rowan({ localNumber: "N3", nhs: "9990000085" }));
      await send("RTK", rowan({ localNumber: "N4", nhs: "9990000085", sex: "M" }));
      const numbers = ["N3", "N4"];
      expect(await pairsOf("RTK")).toContainEqual({ rule: "sex-conflicts", numbers });
      const [a, b] = [await recordOf("RXC", "N3"), await recordOf("RTK", "N4")];
      await Patient.neverLink(region.as("tom.reyes"), { recordA: a.id, recordB: b.id });
      expect((await pairsOf("RTK")).filter((pair) => pair.numbers.includes("N4"))).toEqual([]);
      await send("RTK", rowan({ localNumber: "N4", nhs: "9990000085", sex: "M" }));
      expect((await pairsOf("RTK")).filter((pair) => pair.numbers.includes("N4"))).toEqual([]);
    });
    it("is stated by the PACS manager of the first record's trust, of two that exist", async () => {
      const [a, b] = [await recordOf("RXC", "N3"), await recordOf("RTK", "N4")];
      const pair = { recordA: a.id, recordB: b.id };
      expect(await codeOf(Patient.neverLink(region.as("sunita.kaur"), pair))).toBe("not-your-trust");
      expect(await codeOf(Patient.neverLink(region.as("rohan.patel"), pair))).toBe("not-your-trust");
      const unknown = { ...pair, recordB: crypto.randomUUID() };
      expect(await codeOf(Patient.neverLink(region.as("tom.reyes"), unknown))).toBe("PATIENT_NOT_FOUND");
    });
  });
});
